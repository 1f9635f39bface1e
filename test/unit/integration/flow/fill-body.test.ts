import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillBody } from "../../../../src/integration/flow/fill-body.ts";

const fill = (
	body: Parameters<typeof fillBody>[0],
	x: string,
	contentType = "",
) => fillBody(body, new Map([["x", x]]), contentType);

const anything = fc.string({ unit: "binary" });

describe("a JSON body", () => {
	test("has values inside its strings, however deep", () => {
		const body = { a: [`<\${x}>`, 1, null], b: { c: `\${x}`, d: true } };
		expect(JSON.parse(fill(body, '"}'))).toEqual({
			a: ['<"}>', 1, null],
			b: { c: '"}', d: true },
		});
	});

	test("keeps a string that is only a variable a string", () => {
		expect(fill({ a: `\${x}` }, "7")).toBe('{"a":"7"}');
	});

	test("keeps its structure, whatever the value is", () => {
		fc.assert(
			fc.property(anything, (x) => {
				expect(JSON.parse(fill({ a: `\${x}`, b: [`-\${x}`] }, x))).toEqual({
					a: x,
					b: [`-${x}`],
				});
			}),
		);
	});

	test("keeps its structure also as a text, and its numbers as they are written", () => {
		const body = `{ "a": "\${x}", "n": 12345678901234567890.10 }`;
		expect(fill(body, '"}')).toBe(
			String.raw`{ "a": "\"}", "n": 12345678901234567890.10 }`,
		);
		fc.assert(
			fc.property(anything, (x) => {
				const { a } = JSON.parse(fill(body, x));
				expect(a).toBe(x.toWellFormed());
			}),
		);
	});
});

test("a form keeps its fields, whatever the value is", () => {
	const type = "application/x-www-form-urlencoded";
	fc.assert(
		fc.property(anything, (x) => {
			const fields = new URLSearchParams(fill(`a=\${x}&b=1`, x, type));
			expect([...fields]).toEqual([
				["a", x.toWellFormed()],
				["b", "1"],
			]);
		}),
	);
});

test("any other text has the value as it is", () => {
	expect(fill(`<\${x}>`, `"&\${x}`)).toBe(`<"&\${x}>`);
});

test("a variable that is missing is named", () => {
	expect(() => fill({ a: `\${y}` }, "1")).toThrow(
		'the variable "y" is not there',
	);
});
