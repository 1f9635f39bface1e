import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillUrl } from "../../../../src/integration/flow/fill-url.ts";
import { VariableError } from "../../../../src/integration/flow/step-error.ts";

const fill = (url: string, values: Record<string, string>) =>
	fillUrl(url, new Map(Object.entries(values)));

describe("a value in a URL", () => {
	test.each([
		["a slash", "a/b", "/users/a%2Fb"],
		["a way out", "../admin", "/users/..%2Fadmin"],
		["a query", "7?admin=1", "/users/7%3Fadmin%3D1"],
		["a fragment", "7#x", "/users/7%23x"],
		["a reference", `\${secret}`, "/users/%24%7Bsecret%7D"],
		["letters of Japan", "愛", "/users/%E6%84%9B"],
	])("stays one part of the path, even as %s", (_, id, path) => {
		const filled = fill(`http://a.example/users/\${id}`, { id, secret: "s" });
		expect(filled).toBe(`http://a.example${path}`);
		expect(new URL(filled).pathname).toBe(path);
	});

	test("stays one value of the query", () => {
		const url = fill(`http://a.example/?id=eq.\${id}&limit=1`, {
			id: "1&limit=99",
		});
		expect([...new URL(url).searchParams]).toEqual([
			["id", "eq.1&limit=99"],
			["limit", "1"],
		]);
	});

	test.each([
		[`http://a.example/users/\${x}/posts`, ".."],
		[`http://a.example/users/\${x}`, "."],
		[`http://a.example/users/.\${x}`, "."],
		[`http://a.example/users/%2e\${x}?a=b`, "."],
		[`http://a.example\\\${x}\\admin`, ".."],
	])("leads to no other path: %s", (url, x) => {
		expect(() => fill(url, { x })).toThrow(
			'the variable "x" would lead to another path',
		);
	});

	test("is not empty, since that would be another address", () => {
		expect(() => fill(`http://a.example/users/\${id}`, { id: "" })).toThrow(
			'the variable "id" is empty',
		);
	});

	test("that is missing is named", () => {
		expect(() => fill(`http://a.example/\${id}`, {})).toThrow(
			'the variable "id" is not there',
		);
	});

	test.each([
		`http://\${x}/`,
		`http://a.example:\${x}/`,
		`https://\${x}@a.example/`,
		`http://\${x}\\@b.example/`,
	])("never decides on the host: %s", (url) => {
		expect(() => fill(url, { x: "b" })).toThrow(
			`the variable "x" can't be part of a host`,
		);
	});

	test("comes out as it was put in, or is refused, whatever it is", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (x) => {
				try {
					const url = new URL(
						fill(`http://a.example/a/\${x}/b?q=\${x}`, { x }),
					);
					const [, a, segment = "", b, ...rest] = url.pathname.split("/");
					expect([url.host, a, b, rest]).toEqual(["a.example", "a", "b", []]);
					expect(decodeURIComponent(segment)).toBe(x.toWellFormed());
					expect([...url.searchParams]).toEqual([["q", x.toWellFormed()]]);
				} catch (error) {
					if (!(error instanceof VariableError)) throw error;
					expect(["", ".", ".."]).toContain(x);
				}
			}),
		);
	});
});
