import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HttpResult } from "../../../src/integration/http/exchange.ts";
import { judgeProbe } from "../../../src/integration/judge.ts";

const unmasked = (text: string) => text;

const timed = { duration: 0.1, phases: {} };
const answer = (status: number, body = "", headers = {}): HttpResult => ({
	kind: "answer",
	status,
	headers,
	body,
	...timed,
});
const failure: HttpResult = {
	kind: "failure",
	reason: "refused the connection (ECONNREFUSED)",
	errorType: "ECONNREFUSED",
	...timed,
};
const plainly = { assertions: [] };
const kinds = ["plain", "ml"] as const;

describe("a component", () => {
	test.each([
		[200, "healthy"],
		[201, "degraded"],
		[204, "degraded"],
		[302, "degraded"],
		[404, "degraded"],
		[499, "degraded"],
		[500, "unhealthy"],
		[503, "unhealthy"],
		[599, "unhealthy"],
	])("that answers %i is %s", (status, state) => {
		expect(judgeProbe("plain", plainly, answer(status), unmasked)).toEqual({
			state,
			reason: `answered ${status}`,
		});
	});

	test("is judged by the contract's rule for every status", () => {
		fc.assert(
			fc.property(fc.integer({ min: 100, max: 599 }), (status) => {
				const { state } = judgeProbe(
					"plain",
					plainly,
					answer(status),
					unmasked,
				);
				const below = status < 500 ? "degraded" : "unhealthy";
				expect(state).toBe(status === 200 ? "healthy" : below);
			}),
		);
	});

	test.each([
		[[204], 204, "healthy"],
		[[204], 200, "degraded"],
		[[200, 401], 401, "healthy"],
		[[200, 401], 402, "degraded"],
		[[503], 503, "healthy"],
		[[503], 500, "unhealthy"],
	])(
		"of which %j is expected and that answers %i is %s",
		(expected_status, status, state) => {
			const rules = { ...plainly, expected_status };
			expect(judgeProbe("plain", rules, answer(status), unmasked).state).toBe(
				state,
			);
		},
	);
});

describe("an ML component", () => {
	const judge = (body: string, status = 200) =>
		judgeProbe("ml", plainly, answer(status, body), unmasked);
	const report = (memory: unknown, loaded: unknown = true) =>
		JSON.stringify({ model_loaded: loaded, memory_usage_percent: memory });

	test.each([
		[report(0), "healthy", "model loaded, memory at 0 %"],
		[report(89.94), "healthy", "model loaded, memory at 89.9 %"],
		[report(90), "degraded", "memory at 90 % is not under 90 %"],
		[report(100), "degraded", "memory at 100 % is not under 90 %"],
		[report(10, false), "unhealthy", "its model is not loaded"],
		[report(10, "true"), "unhealthy", "its model is not loaded"],
		[report(10, 1), "unhealthy", "its model is not loaded"],
		[
			'{"memory_usage_percent":10}',
			"unhealthy",
			"answered JSON without model_loaded",
		],
		["{}", "unhealthy", "answered JSON without model_loaded"],
	])("that reports %s is %s: %s", (body, state, reason) => {
		expect(judge(body)).toEqual({ state, reason });
	});

	test.each([
		[
			"answered JSON without a number memory_usage_percent",
			[undefined, null, "10", [10], {}].map((memory) => report(memory)),
		],
		[
			"its memory_usage_percent is not from 0 to 100",
			["-0.1", "100.1", "1e999"].map(
				(memory) => `{"model_loaded":true,"memory_usage_percent":${memory}}`,
			),
		],
		[
			"answered something that is not a JSON object",
			["", "null", "[]", "3", '"x"', "<html>", '{"model_loaded":'],
		],
	])("is unhealthy where it %s", (reason, bodies) => {
		for (const body of bodies) {
			expect(judge(body)).toEqual({ state: "unhealthy", reason });
		}
	});

	test.each([201, 204, 302, 404, 500, 503])(
		"that answers %i is unhealthy",
		(status) => {
			expect(judge(report(10), status)).toEqual({
				state: "unhealthy",
				reason: `answered ${status}`,
			});
		},
	);

	test("may be expected to answer another status", () => {
		const rules = { ...plainly, expected_status: [503] };
		const { state } = judgeProbe(
			"ml",
			rules,
			answer(503, report(10)),
			unmasked,
		);
		expect(state).toBe("healthy");
	});
});

describe.each(kinds)("a %s component", (kind) => {
	const body = '{"model_loaded":true,"memory_usage_percent":10,"a":1}';
	const expecting = (value: number, expected_status = [200]) => ({
		expected_status,
		assertions: [{ json: "$.a", equals: value }],
	});

	test("that does not answer is unhealthy, for the reason that was met", () => {
		for (const rules of [plainly, expecting(1)]) {
			expect(judgeProbe(kind, rules, failure, unmasked)).toEqual({
				state: "unhealthy",
				reason: failure.reason,
			});
		}
	});

	test("whose answer is not as asserted is unhealthy, and says what it is", () => {
		expect(
			judgeProbe(kind, expecting(1), answer(200, body), unmasked).state,
		).toBe("healthy");
		expect(judgeProbe(kind, expecting(2), answer(200, body), unmasked)).toEqual(
			{
				state: "unhealthy",
				reason: "wanted $.a to equal 2, got 1",
			},
		);
	});

	test("of which the answer is no use at all is judged by that first", () => {
		expect(judgeProbe(kind, expecting(2), answer(500, body), unmasked)).toEqual(
			{
				state: "unhealthy",
				reason: "answered 500",
			},
		);
	});
});

test("a status that is not the expected one is told beside what is not as asserted", () => {
	const rules = { assertions: [{ json: "$.a", equals: 1 }] };
	expect(judgeProbe("plain", rules, answer(404, "{}"), unmasked)).toEqual({
		state: "unhealthy",
		reason: "answered 404: wanted $.a to equal 1, got nothing",
	});
	expect(judgeProbe("plain", rules, answer(404, '{"a":1}'), unmasked)).toEqual({
		state: "degraded",
		reason: "answered 404",
	});
});

test("a model that is short of memory is unhealthy where its answer is not as asserted either", () => {
	const body = '{"model_loaded":true,"memory_usage_percent":95}';
	const rules = { assertions: [{ contains: "gpu" }] };
	expect(judgeProbe("ml", rules, answer(200, body), unmasked)).toMatchObject({
		state: "unhealthy",
		reason: expect.stringMatching(/^wanted its body to contain "gpu", got /),
	});
});
