import { describe, expect, test } from "vitest";
import { flow } from "../../../../src/config/schema/flow.ts";
import { variableProblems } from "../../../../src/integration/flow/problems.ts";

const url = "http://a.example/";
const problems = (config: unknown) =>
	variableProblems(flow.parse(config)).map(
		({ path, sentence }) => `${path.join(".")}: ${sentence}`,
	);
const ofRequest = (request: object) =>
	problems({ steps: [{ name: "a", request: { url, ...request } }] });

test("a flow whose steps use what earlier ones extract has no problem", () => {
	expect(
		problems({
			steps: [
				{
					name: "create",
					request: { url, method: "POST", body: { run: `\${run_id}` } },
					extract: { id: { json: "$.id" } },
				},
				{ name: "stored", sql: `SELECT 1 WHERE 'a' <> \${id}`, expect: 1 },
			],
			cleanup: [{ name: "remove", request: { url: `${url}\${id}` } }],
		}),
	).toEqual([]);
});

describe("a variable", () => {
	test("that only a later step extracts is told at each place", () => {
		const x = `\${x}`;
		expect(
			problems({
				steps: [
					{
						name: "a",
						request: {
							url: `${url}${x}`,
							headers: { "X-Id": x },
							body: { a: [{ b: x }] },
							assertions: [{ json: "$.id", equals: x }],
						},
					},
					{ name: "b", sql: `SELECT ${x}`, expect: x },
					{ name: "c", request: { url }, extract: { x: { json: "$.x" } } },
				],
			}),
		).toEqual(
			[
				"steps.0.request.url",
				"steps.0.request.headers.X-Id",
				"steps.0.request.body.a.0.b",
				"steps.0.request.assertions.0.equals",
				"steps.1.sql",
				"steps.1.expect",
			].map((path) => `${path}: no step before this one extracts x`),
		);
	});

	test("is not there for the step that extracts it, but for the cleanup", () => {
		const extract = { x: { header: "location" } };
		const request = { url: `${url}\${x}` };
		expect(
			problems({
				steps: [{ name: "a", request, extract }],
				cleanup: [{ name: "b", request }],
			}),
		).toEqual(["steps.0.request.url: no step before this one extracts x"]);
	});

	test("with a name that can't be one is told", () => {
		expect(ofRequest({ body: `\${user-id}` })).toEqual([
			`steps.0.request.body: \${user-id} is no variable: its name is letters, digits and underscores`,
		]);
	});

	test("can't be part of a host", () => {
		expect(ofRequest({ url: `http://\${run_id}.example/` })).toEqual([
			`steps.0.request.url: \${run_id} can't be part of the host`,
		]);
	});

	test("can't be in a key", () => {
		expect(ofRequest({ body: { a: { "${run_id}": 1 } } })).toEqual([
			`steps.0.request.body.a: \${run_id} can't be in a key`,
		]);
	});

	test("has to be inside a string of a JSON text", () => {
		expect(ofRequest({ body: `{"a": \${run_id}}` })).toEqual([
			"steps.0.request.body: a variable in JSON has to be inside a string, and the rest has to be JSON",
		]);
		expect(ofRequest({ body: `{"a": "\${run_id}"}` })).toEqual([]);
	});

	test("in quotes of a query is told", () => {
		const sql = `SELECT '\${run_id}'`;
		expect(problems({ steps: [{ name: "a", sql }] })).toEqual([
			`steps.0.sql: \${run_id} is in quotes, where it is no parameter: write it without them`,
		]);
	});

	test("can't be extracted from the headers of a query, nor be the run's id", () => {
		const extract = { x: { header: "a" }, run_id: { json: "$" } };
		expect(
			problems({ steps: [{ name: "a", sql: "SELECT 1", extract }] }),
		).toEqual([
			"steps.0.extract.x: a query has no headers",
			"steps.0.extract.run_id: run_id is there by itself",
		]);
	});
});

test("a name that two steps have is told at the second", () => {
	const step = { name: "a", request: { url } };
	expect(problems({ steps: [step], cleanup: [step] })).toEqual([
		"cleanup.0.name: a is another step's name",
	]);
});
