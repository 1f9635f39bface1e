import type { Socket } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { request } from "../../src/integration/http/request.ts";
import { freePort } from "../support/free-port.ts";
import { answering, httpRequest, toldOf } from "../support/lying-server.ts";

const ok = "HTTP/1.1 200 OK\r\n";
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const lengthOf = (length: number) => `${ok}Content-Length: ${length}\r\n\r\n`;

describe("a broken answer is said to be", () => {
	const page = "<html>".repeat(20);
	test.each([
		["its answer broke off after 5 bytes of 100", lengthOf(100), "hello"],
		["its answer broke off after 5 bytes", chunked, "5\r\nhello\r\n"],
		["its answer broke off after 5 bytes", chunked, "a\r\nhello"],
		[
			"its answer has broken chunks (HPE_INVALID_CHUNK_SIZE)",
			chunked,
			"5\r\nhello\r\nzz\r\n",
		],
		[
			"its answer goes on after its end (HPE_INVALID_CONSTANT)",
			lengthOf(5),
			"hello, world",
		],
		[
			"its answer has no clear length (HPE_INVALID_CONTENT_LENGTH)",
			`${ok}Content-Length: many\r\n\r\n`,
			"",
		],
		[
			"its answer has no clear length (HPE_UNEXPECTED_CONTENT_LENGTH)",
			`${ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`,
			"hello",
		],
		["did not answer in HTTP/1.1 (HPE_INVALID_CONSTANT)", page, page],
		[
			"did not answer in HTTP/1.1 (HPE_INVALID_CONSTANT)",
			"SSH-2.0-OpenSSH_9.2\r\n",
			"",
		],
		[
			"its answer is broken HTTP (HPE_INVALID_STATUS)",
			"HTTP/1.1 twohundred OK\r\n\r\n",
			"",
		],
		[
			"switched to another protocol, which nobody asked for",
			"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
			"",
		],
		[
			"its answer is not what its content-encoding says (Z_DATA_ERROR)",
			`${ok}Content-Encoding: gzip\r\n\r\n`,
			"hello, world, hello",
		],
		[
			"its answer is in an encoding that is not known (content-encoding)",
			`${ok}Content-Encoding: rot13\r\n\r\n`,
			"uryyb",
		],
	])("%s", async (reason, head, body) => {
		expect(await toldOf(answering(head, body))).toMatchObject({ reason });
	});

	test("when the connection ends at once, or is reset", async () => {
		const without = "closed the connection without an answer (ECONNRESET)";
		expect(await toldOf((socket) => socket.end())).toMatchObject({
			reason: without,
		});
		const reset = (socket: Socket) =>
			socket.once("data", () => socket.resetAndDestroy());
		expect(await toldOf(reset)).toMatchObject({ reason: without });
	});

	test("when nothing listens", async () => {
		const url = `http://127.0.0.1:${await freePort()}`;
		const { signal } = new AbortController();
		expect(await request(httpRequest(url), {}, signal)).toMatchObject({
			reason: "refused the connection (ECONNREFUSED)",
			errorType: "ECONNREFUSED",
		});
	});

	test("but not when it is only not UTF-8", async () => {
		const body = Buffer.from([0x61, 0xff, 0xfe, 0x62, 0xc3]);
		expect(await toldOf(answering(lengthOf(5), body))).toMatchObject({
			status: 200,
			body: "a\ufffd\ufffdb\ufffd",
		});
	});
});

test("whatever comes, there is an answer or a reason", async () => {
	const part = fc.oneof(
		fc.constantFrom(ok, chunked, "\r\n\r\n", "5\r\nhello\r\n", "0\r\n\r\n"),
		fc.constantFrom("Content-Encoding: br\r\n", "Content-Length: 3\r\n"),
		fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(part), async (parts) => {
			const told = await toldOf(answering(...parts));
			expect(told).toMatchObject(
				told.kind === "answer"
					? { status: expect.any(Number) }
					: { reason: expect.not.stringContaining("could not be asked") },
			);
		}),
	);
});
