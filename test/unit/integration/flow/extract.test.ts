import { describe, expect, test } from "vitest";
import {
	extractFromAnswer,
	extractFromValue,
} from "../../../../src/integration/flow/extract.ts";

const fromJson = (body: string, json: string) =>
	extractFromAnswer(
		{ x: { json } },
		{ kind: "answer", status: 200, headers: {}, body, duration: 0, phases: {} },
	)[0]?.[1];

describe("a variable out of JSON", () => {
	test.each([
		["a text", '{"a":{"b":"c"}}', "$.a.b", "c"],
		["the first of several", '[{"id":"a"},{"id":"b"}]', "$[*].id", "a"],
		["a number", '{"id":7}', "$.id", "7"],
		["yes or no", '{"id":false}', "$.id", "false"],
		[
			"a number of more digits than JavaScript's",
			'{"id":12345678901234567890}',
			"$.id",
			"12345678901234567890",
		],
		["a part of the document, as JSON", '{"a":{"b":[1]}}', "$.a", '{"b":[1]}'],
	])("is %s", (_, body, path, value) => {
		expect(fromJson(body, path)).toBe(value);
	});

	test.each([
		["nothing there", "{}", "has nothing at $.id of its JSON"],
		["null", '{"id":null}', "has nothing at $.id of its JSON"],
		["no JSON", "<html>", "answered something that is not JSON"],
	])("is missing where there is %s", (_, body, reason) => {
		expect(() => fromJson(body, "$.id")).toThrow(reason);
	});
});

describe("a variable out of a header", () => {
	const from = (headers: Record<string, string>) =>
		extractFromAnswer(
			{ x: { header: "Location" } },
			{
				kind: "answer",
				status: 201,
				headers,
				body: "",
				duration: 0,
				phases: {},
			},
		);

	test("is its value, whatever the case of its name", () => {
		expect(from({ location: "/users/7" })).toEqual([["x", "/users/7"]]);
	});

	test("is missing without it", () => {
		expect(() => from({})).toThrow("answered without the header Location");
	});
});

describe("a variable out of a query", () => {
	test("is the value itself, or a part of it where it is JSON", () => {
		expect(extractFromValue({ x: { json: "$" } }, "007")).toEqual([
			["x", "007"],
		]);
		expect(extractFromValue({ x: { json: "$.id" } }, '{"id": 7}')).toEqual([
			["x", "7"],
		]);
	});

	test("is missing where there was nothing", () => {
		for (const found of [null, undefined]) {
			expect(() => extractFromValue({ x: { json: "$" } }, found)).toThrow(
				'found nothing for the variable "x"',
			);
		}
	});
});
