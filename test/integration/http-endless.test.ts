import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { request } from "../../src/integration/http/request.ts";
import {
	answering,
	endlessly,
	httpRequest,
	LyingServer,
	toldOf,
} from "../support/lying-server.ts";

const ok = "HTTP/1.1 200 OK\r\n";
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const lengthOf = (length: number) => `${ok}Content-Length: ${length}\r\n\r\n`;
const gzipped = (body: Buffer) =>
	answering(
		`${ok}Content-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`,
		body,
	);
const mebibyte = 1024 * 1024;

describe("an answer that never ends is cut off, and said to be", () => {
	const tooLong = {
		reason: "its answer is longer than 1 MiB",
		errorType: "too_long",
	};

	test("when its body goes on and on", async () => {
		const part = Buffer.alloc(65536, "x");
		expect(await toldOf(endlessly(`${ok}\r\n`, part))).toMatchObject(tooLong);
		const chunk = Buffer.from(`10000\r\n${part}\r\n`);
		expect(await toldOf(endlessly(chunked, chunk))).toMatchObject(tooLong);
	});

	test("when it comes in chunks of one byte each", async () => {
		const chunks = "1\r\nx\r\n".repeat(10_000);
		expect(await toldOf(endlessly(chunked, chunks))).toMatchObject(tooLong);
	});

	test("when its headers go on and on", async () => {
		expect(await toldOf(endlessly(ok, "a: b\r\n".repeat(100)))).toMatchObject({
			reason: "its headers are longer than 16 KiB (HPE_HEADER_OVERFLOW)",
			errorType: "HPE_HEADER_OVERFLOW",
		});
	});

	test("when it only ever says that it will come", async () => {
		const part = "HTTP/1.1 102 Processing\r\n\r\n".repeat(100);
		expect(await toldOf(endlessly("", part))).toMatchObject({
			reason: "says without end that its answer will come (status 1xx)",
			errorType: "endless_interim",
		});
	});

	test("and one of just 1 MiB is read", async () => {
		const body = "x".repeat(mebibyte);
		const whole = answering(lengthOf(mebibyte), body);
		expect(await toldOf(whole)).toMatchObject({ status: 200, body });
		const one = answering(lengthOf(mebibyte + 1), `${body}x`);
		expect(await toldOf(one)).toMatchObject(tooLong);
	});
});

test("10,000 headers are too many", async () => {
	const headers = Array.from({ length: 10_000 }, (_, i) => `h${i}: x\r\n`);
	const lie = answering(ok, headers.join(""), "\r\n");
	expect(await toldOf(lie)).toMatchObject({
		reason: "its headers are longer than 16 KiB (HPE_HEADER_OVERFLOW)",
	});
});

describe("bombs leave no mark on the memory", () => {
	const growthOver = async (count: number, lie: (socket: Socket) => void) => {
		for (let i = 0; i < 3; i++) await toldOf(lie);
		const before = process.memoryUsage.rss();
		for (let i = 0; i < count; i++) {
			expect(await toldOf(lie)).toMatchObject({ errorType: "too_long" });
		}
		return process.memoryUsage.rss() - before;
	};
	const bomb = gzipSync(Buffer.alloc(200 * mebibyte), { level: 9 });

	test("of gzip", async () => {
		expect(bomb.length).toBeLessThan(mebibyte);
		expect(await growthOver(50, gzipped(bomb))).toBeLessThan(100 * mebibyte);
	});

	test("of gzip that decodes to nothing, for as long as it is read", async () => {
		const empty = gzipSync("");
		const nothing = Buffer.concat(Array(2000).fill(empty));
		const head = `${ok}Content-Encoding: gzip\r\n\r\n`;
		expect(await growthOver(5, endlessly(head, nothing))).toBeLessThan(
			100 * mebibyte,
		);
	});

	test("of a million chunks", async () => {
		const chunks = "1\r\nx\r\n".repeat(10_000);
		expect(await growthOver(5, endlessly(chunked, chunks))).toBeLessThan(
			100 * mebibyte,
		);
	});

	test("and every connection is let go", async () => {
		const server = new LyingServer(endlessly(`${ok}\r\n`, Buffer.alloc(65536)));
		const options = httpRequest(await server.start());
		await request(options, {}, new AbortController().signal);
		await expect.poll(() => server.open).toBe(0);
		await server.close();
	});
});
