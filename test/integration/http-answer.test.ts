import {
	brotliCompressSync,
	deflateSync,
	gzipSync,
	zstdCompressSync,
} from "node:zlib";
import { describe, expect, test } from "vitest";
import { ask, servers } from "../support/asking.ts";

const { serve } = servers();

describe("an answer", () => {
	test("has its headers by lower-case name, several of a name as one", async () => {
		const origin = await serve((_request, response) => {
			response.writeHead(204, "", [
				...["Set-Cookie", "a=1"],
				...["set-cookie", "b=2"],
				...["X-Version", "1"],
				...["constructor", "c"],
			]);
			response.end();
		});
		const result = await ask(origin);
		expect(result).toMatchObject({
			status: 204,
			body: "",
			headers: { "set-cookie": "a=1, b=2", "x-version": "1", constructor: "c" },
		});
	});

	const page = "hello ".repeat(1000);
	test.each<[string, Buffer]>([
		["gzip", gzipSync(page)],
		["x-gzip", gzipSync(page)],
		["GZIP", gzipSync(page)],
		["deflate", deflateSync(page)],
		["br", brotliCompressSync(page)],
		["zstd", zstdCompressSync(page)],
		["identity", Buffer.from(page)],
	])("in %s is decoded", async (encoding, body) => {
		const origin = await serve((_request, response) => {
			response.setHeader("Content-Encoding", encoding);
			response.end(body);
		});
		expect(await ask(origin)).toMatchObject({ kind: "answer", body: page });
	});

	test.each([
		["HEAD", 200],
		["GET", 204],
		["GET", 304],
		["GET", 200],
	])(
		"to %s with %i and no body may claim an encoding",
		async (method, status) => {
			const origin = await serve((_request, response) => {
				response.writeHead(status, { "Content-Encoding": "gzip" }).end();
			});
			expect(await ask(origin, { method })).toMatchObject({ status, body: "" });
		},
	);

	test("that comes before the whole request is taken as it is", async () => {
		const origin = await serve((_request, response) => {
			response.writeHead(413).end("too much");
		});
		const body = "x".repeat(100_000);
		expect(await ask(origin, { method: "POST", body })).toMatchObject({
			status: 413,
			body: "too much",
		});
	});
});
