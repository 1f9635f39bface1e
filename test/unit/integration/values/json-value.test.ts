import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HttpAnswer } from "../../../../src/integration/http/exchange.ts";
import { readJsonValue } from "../../../../src/integration/values/json-value.ts";

const now = Date.UTC(2026, 0, 15, 12);
const minute = 60_000;

function answer(
	body: unknown,
	headers: HttpAnswer["headers"] = {},
): HttpAnswer {
	return {
		kind: "answer",
		status: 200,
		headers,
		body: typeof body === "string" ? body : JSON.stringify(body),
		duration: 0.1,
		phases: {},
	};
}

const read = (body: unknown, path = "$.value", headers = {}) =>
	readJsonValue(answer(body, headers), path, now);

describe("a value of an answer", () => {
	test.each([
		["a number", { value: 0.75 }, { kind: "number", value: 0.75 }],
		["zero", { value: 0 }, { kind: "number", value: 0 }],
		["true", { value: true }, { kind: "number", value: 1 }],
		["false", { value: false }, { kind: "number", value: 0 }],
		["null", { value: null }, { kind: "nothing" }],
		["missing", {}, { kind: "nothing" }],
		["of a list", [1], { kind: "nothing" }],
	])("that is %s", (_, body, value) => {
		expect(read(body)).toEqual(value);
	});

	test("is found by any JSONPath", () => {
		const body = {
			jobs: [
				{ name: "a", n: 1 },
				{ name: "b", n: 2 },
			],
		};
		expect(read(body, "$.jobs[?@.name == 'b'].n")).toEqual({
			kind: "number",
			value: 2,
		});
		expect(read("7", "$")).toEqual({ kind: "number", value: 7 });
		expect(read({ a: [1, 2] }, "$..a[-1]")).toEqual({
			kind: "number",
			value: 2,
		});
	});
});

describe("a time", () => {
	test.each([
		["2026-01-15T11:59:00Z", 60],
		["2026-01-15T11:59Z", 60],
		["2026-01-15t11:59:00z", 60],
		["2026-01-15T20:59:00+09:00", 60],
		["2026-01-15T20:59:00+0900", 60],
		["2026-01-15 20:59:00+09", 60],
		["2026-01-15 06:29:00 -05:30", 60],
		["2026-01-15T11:59:59.5Z", 0.5],
		["2026-01-15T11:59:59,500000Z", 0.5],
		["2026-01-15T12:01:00Z", -60],
	])("%s is its age", (value, age) => {
		expect(read({ value })).toEqual({ kind: "time", age });
	});

	test("of any moment is told exactly", () => {
		fc.assert(
			fc.property(
				fc.date({
					min: new Date("0001-01-01T00:00:00Z"),
					max: new Date("9999-12-31T00:00:00Z"),
					noInvalidDate: true,
				}),
				(moment) => {
					expect(read({ value: moment.toISOString() })).toEqual({
						kind: "time",
						age: (now - moment.getTime()) / 1000,
					});
				},
			),
		);
	});

	const date = (at: number) => new Date(at).toUTCString();
	test.each([
		["ahead, is told by it", { date: date(now + 10 * minute) }, 660],
		["behind, is told by it", { date: date(now - minute) }, 0],
		[
			"behind for it was in a cache, is told with the time there",
			{ date: date(now - 10 * minute), age: "1200" },
			660,
		],
		[
			"in a cache as long as it is behind",
			{ date: date(now - minute), age: "60" },
			60,
		],
		[
			"the same but for its seconds, has no part",
			{ date: date(now - 1500) },
			60,
		],
		["two days off, has no part", { date: date(now - 2880 * minute) }, 60],
		["not readable, has no part", { date: "yesterday" }, 60],
	])("of a server whose clock is %s", (_, headers, age) => {
		expect(read({ value: "2026-01-15T11:59:00Z" }, "$.value", headers)).toEqual(
			{
				kind: "time",
				age,
			},
		);
	});
});

describe("what is no value is refused in words, without it:", () => {
	const expected = "a number, true, false or a time is expected";
	test.each([
		[
			"several",
			{ value: [1, 2] },
			"$.value[*]",
			"the answer has 2 values at $.value[*]: one is expected",
		],
		[
			"a list",
			{ value: [1] },
			"$.value",
			`the answer has a list at $.value: ${expected}`,
		],
		[
			"an object",
			{ value: {} },
			"$.value",
			`the answer has an object at $.value: ${expected}`,
		],
		[
			"a text",
			{ value: "private" },
			"$.value",
			`the answer has a text at $.value that is no time of ISO 8601: ${expected}`,
		],
		[
			"a number in a text",
			{ value: "5" },
			"$.value",
			`the answer has a text at $.value that is no time of ISO 8601: ${expected}`,
		],
		[
			"an empty text",
			{ value: "" },
			"$.value",
			`the answer has a text at $.value that is no time of ISO 8601: ${expected}`,
		],
		[
			"a day that is none",
			{ value: "2026-13-01T00:00:00Z" },
			"$.value",
			`the answer has a text at $.value that is no time of ISO 8601: ${expected}`,
		],
		[
			"a time without a zone",
			{ value: "2026-01-15T11:59:00" },
			"$.value",
			"the answer has a time without its zone at $.value: it has to end in Z, or in an offset such as +09:00",
		],
		[
			"a number too large",
			'{"value": 1e999}',
			"$.value",
			"the answer has a number at $.value that is too large",
		],
		["no JSON", "<html>private</html>", "$.value", "the answer is not JSON"],
		["nothing at all", "", "$", "the answer is not JSON"],
	])("%s", (_, body, path, message) => {
		expect(() => read(body, path)).toThrow(new Error(message));
	});
});
