import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { request } from "../../../../src/config/schema/request.ts";
import {
	fillAssertions,
	fillRequest,
} from "../../../../src/integration/flow/fill-request.ts";

const fill = (config: Record<string, unknown>, x = "7") =>
	fillRequest(
		request.parse({ url: "http://a.example/", ...config }),
		new Map([["x", x]]),
	);

describe("a header", () => {
	test("has the value as it is", () => {
		const { headers } = fill({ headers: { Authorization: `Bearer \${x}` } });
		expect(headers).toEqual({ Authorization: "Bearer 7" });
	});

	test.each(["a\r\nX-Admin: 1", "a\nb", "a\rb", "a\u0000b", "愛"])(
		"takes no value that would end it or can't be sent: %j",
		(x) => {
			expect(() => fill({ headers: { "X-Id": `\${x}` } }, x)).toThrow(
				`what is in the variable "x" can't stand in a header`,
			);
		},
	);

	test("is one line, whatever the value is", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (x) => {
				let sent: string | undefined;
				try {
					sent = fill({ headers: { "X-Id": `\${x}` } }, x).headers["X-Id"];
				} catch {
					return;
				}
				expect(sent).toBe(x);
				expect(() => new Headers({ "X-Id": sent ?? "" })).not.toThrow();
			}),
		);
	});
});

describe("the type of the content", () => {
	test("is JSON for what is sent as JSON", () => {
		expect(fill({ body: { a: 1 } })).toMatchObject({
			headers: { "Content-Type": "application/json" },
			body: '{"a":1}',
		});
	});

	test("is the configured one where there is one", () => {
		const headers = { "content-type": "application/vnd.x+json" };
		expect(fill({ headers, body: { a: 1 } }).headers).toEqual(headers);
	});

	test("is not guessed for a text", () => {
		expect(fill({ body: "text" }).headers).toEqual({});
	});
});

test("what an answer has to equal or contain may hold values", () => {
	const { assertions } = request.parse({
		url: "http://a.example/",
		assertions: [
			{ json: "$.id", equals: `\${x}` },
			{ json: "$.n", equals: 3 },
			{ contains: `id \${x}` },
			{ header: "etag", exists: true },
		],
	});
	expect(fillAssertions(assertions, new Map([["x", "7"]]))).toEqual([
		{ json: "$.id", equals: "7" },
		{ json: "$.n", equals: 3 },
		{ contains: "id 7" },
		{ header: "etag", exists: true },
	]);
});
