import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Assertion } from "../../../src/config/schema/request.ts";
import { failedAssertion } from "../../../src/integration/assertions.ts";
import type { HttpAnswer } from "../../../src/integration/http/exchange.ts";

const document = {
	status: "ok",
	count: 3,
	ready: true,
	nothing: null,
	price: "12.50",
	tags: ["new", "hot"],
	items: [{ id: 1 }, { id: 2 }],
};
const answer: Pick<HttpAnswer, "headers" | "body"> = {
	headers: { "content-type": "application/json", age: "12", "x-empty": "" },
	body: JSON.stringify(document),
};
const unmasked = (text: string) => text;
const check = (assertion: Assertion, given = answer) =>
	failedAssertion([assertion], given, unmasked);

describe("an assertion holds", () => {
	test.each<[Assertion]>([
		[{ json: "$.status", equals: "ok" }],
		[{ json: "$.count", equals: 3 }],
		[{ json: "$.count", equals: "3" }],
		[{ json: "$.ready", equals: true }],
		[{ json: "$.ready", equals: "true" }],
		[{ json: "$.nothing", equals: null }],
		[{ json: "$.nothing", exists: true }],
		[{ json: "$.missing", exists: false }],
		[{ json: "$.status", contains: "o" }],
		[{ json: "$.tags", contains: "hot" }],
		[{ json: "$.items", contains: '"id":2' }],
		[{ json: "$.status", matches: "^o.$" }],
		[{ json: "$.count", matches: "^\\d$" }],
		[{ json: "$.count", less_than: 4, greater_than: 2 }],
		[{ json: "$.price", greater_than: 12.4, less_than: 12.6 }],
		[{ json: "$.items[*].id", greater_than: 0 }],
		[{ json: "$.items[?@.id == 2].id", equals: 2 }],
		[{ header: "Content-Type", contains: "json" }],
		[{ header: "AGE", less_than: 13, matches: "^12$", equals: 12 }],
		[{ header: "x-empty", exists: true, equals: "" }],
		[{ header: "constructor", exists: false }],
		[{ contains: "status", matches: "^\\{", exists: true }],
	])("%j", (assertion) => {
		expect(check(assertion)).toBeUndefined();
	});

	test("on an empty body if none is wanted", () => {
		expect(check({ exists: false }, { headers: {}, body: "" })).toBeUndefined();
	});
});

describe("an assertion that does not hold says what was wanted, and what was there", () => {
	test.each<[Assertion, string]>([
		[{ json: "$.status", equals: "up" }, '$.status to equal "up", got "ok"'],
		[{ json: "$.status", equals: 1 }, '$.status to equal 1, got "ok"'],
		[{ json: "$.ready", equals: false }, "$.ready to equal false, got true"],
		[{ json: "$.price", equals: 12.5 }, '$.price to equal 12.5, got "12.50"'],
		[
			{ json: "$.nothing", equals: "null" },
			'$.nothing to equal "null", got null',
		],
		[
			{ json: "$.missing", equals: null },
			"$.missing to equal null, got nothing",
		],
		[{ json: "$.missing", exists: true }, "$.missing to exist, got nothing"],
		[
			{ json: "$.missing", less_than: 1 },
			"$.missing to be less than 1, got nothing",
		],
		[{ json: "$.count", exists: false }, "$.count not to exist, got 3"],
		[
			{ json: "$.tags", contains: "old" },
			'$.tags to contain "old", got ["new","hot"]',
		],
		[
			{ json: "$.status", matches: "^up$" },
			'$.status to match /^up$/, got "ok"',
		],
		[{ json: "$.count", less_than: 3 }, "$.count to be less than 3, got 3"],
		[
			{ json: "$.count", greater_than: 3 },
			"$.count to be greater than 3, got 3",
		],
		[
			{ json: "$.status", less_than: 3 },
			'$.status to be less than 3, got "ok", which is no number',
		],
		[
			{ json: "$.nothing", less_than: 3 },
			"$.nothing to be less than 3, got null, which is no number",
		],
		[
			{ json: "$.items[*].id", less_than: 2 },
			"$.items[*].id to be less than 2, got 2",
		],
		[
			{ header: "Content-Type", equals: "text/html" },
			'header Content-Type to equal "text/html", got "application/json"',
		],
		[
			{ header: "x-empty", greater_than: 0 },
			'header x-empty to be greater than 0, got "", which is no number',
		],
		[
			{ header: "constructor", exists: true },
			"header constructor to exist, got nothing",
		],
	])("%j", (assertion, sentence) => {
		expect(check(assertion)).toBe(`wanted ${sentence}`);
	});

	test.each([
		["", "an empty body"],
		["<html>", 'a body that is not JSON: "<html>"'],
		[
			`<p>\n${"x".repeat(2000)}`,
			`a body that is not JSON: "<p>\\n${"x".repeat(74)}…`,
		],
		['{"status": "ok"', 'a body that is not JSON: "{\\"status\\": \\"ok\\""'],
	])("of a body %j that is no JSON", (body, got) => {
		const assertion = { json: "$.status", exists: false };
		expect(check(assertion, { headers: {}, body })).toBe(
			`wanted $.status, got ${got}`,
		);
	});

	test("of all, the first alone", () => {
		const wrong = (value: string) => ({ json: "$.status", equals: value });
		const all = [wrong("ok"), wrong("up"), wrong("down")];
		expect(failedAssertion(all, answer, unmasked)).toContain('"up"');
		expect(failedAssertion([], answer, unmasked)).toBeUndefined();
	});
});

test("a sentence is short and on one line, whatever was there", () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 5000 }), fc.json(), (text, json) => {
			for (const body of [text, json, JSON.stringify({ a: text })]) {
				for (const assertion of [{ json: "$.a" }, {}]) {
					const failed = check(
						{ ...assertion, equals: "\0 not there" },
						{ headers: {}, body },
					);
					expect(failed?.length).toBeLessThan(200);
					expect(failed).not.toMatch(/[\n\r]/);
					expect(failed?.isWellFormed()).toBe(true);
				}
			}
		}),
	);
});

test("JSON as deep as a body can hold is looked into, or said to be too deep", () => {
	const depth = 500_000;
	const body = "[".repeat(depth) + "]".repeat(depth);
	for (const json of ["$[0]", "$..x", "$.*.*"]) {
		expect(check({ json, equals: "x" }, { headers: {}, body })).toMatch(
			/^wanted /,
		);
	}
});

test("what is shown of an answer holds no configured secret, token or address, wherever it is cut", () => {
	const secret = "a-configured-secret";
	for (let before = 0; before < 90; before += 1) {
		const body = `${"x".repeat(before)} ${secret} me@example.com Bearer abcdef123456`;
		const sentence = failedAssertion(
			[{ contains: "nothing of the kind" }],
			{ headers: {}, body },
			(text) => text.replaceAll(secret, "***"),
		);
		expect(sentence).not.toMatch(/a-conf|me@|abcdef/);
	}
});
