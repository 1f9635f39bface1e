import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	groupState,
	judgeAnswer,
	judgeMlAnswer,
	overallState,
	type State,
} from "../../../src/integration/state.ts";

const answer = (status: number, body = "") =>
	({ kind: "answer", status, body }) as const;
const failure = { kind: "failure", reason: "ECONNREFUSED" } as const;

describe("a component", () => {
	test.each([
		[200, "healthy"],
		[204, "degraded"],
		[302, "degraded"],
		[404, "degraded"],
		[499, "degraded"],
		[500, "unhealthy"],
		[503, "unhealthy"],
	])("that answers %i is %s", (status, state) => {
		expect(judgeAnswer(answer(status))).toEqual({
			state,
			reason: `answered ${status}`,
		});
	});

	test("that does not answer is unhealthy, for the reason that was met", () => {
		expect(judgeAnswer(failure)).toEqual({
			state: "unhealthy",
			reason: "ECONNREFUSED",
		});
	});
});

describe("an ML component", () => {
	const report = (value: unknown, status = 200) =>
		judgeMlAnswer(answer(status, JSON.stringify(value)));

	test.each([
		[{ model_loaded: true, memory_usage_percent: 89.9 }, "healthy"],
		[{ model_loaded: true, memory_usage_percent: 90 }, "degraded"],
		[{ model_loaded: true, memory_usage_percent: 100 }, "degraded"],
		[{ model_loaded: false, memory_usage_percent: 10 }, "unhealthy"],
		[{ model_loaded: "true", memory_usage_percent: 10 }, "unhealthy"],
		[{ model_loaded: true }, "unhealthy"],
		[{ model_loaded: true, memory_usage_percent: "10" }, "unhealthy"],
		[{ memory_usage_percent: 10 }, "unhealthy"],
		[[], "unhealthy"],
		[null, "unhealthy"],
	])("that reports %j is %s", (value, state) => {
		expect(report(value).state).toBe(state);
	});

	test.each([
		[answer(200, "<html>"), "answered something that is not a JSON object"],
		[answer(200, "{}"), "answered JSON without model_loaded"],
		[answer(503, "{}"), "answered 503"],
		[failure, "ECONNREFUSED"],
	])("says why it is unhealthy", (got, reason) => {
		expect(judgeMlAnswer(got)).toEqual({ state: "unhealthy", reason });
	});
});

const n = (state: State, count: number) => Array<State>(count).fill(state);

describe("a group", () => {
	test.each([
		[n("healthy", 3), "healthy"],
		[[...n("healthy", 7), ...n("unhealthy", 3)], "degraded"],
		[[...n("healthy", 69), ...n("unhealthy", 31)], "unhealthy"],
		[[...n("healthy", 6), ...n("degraded", 4)], "unhealthy"],
		[[...n("healthy", 2), "unknown"], "healthy"],
		[n("unknown", 2), "unknown"],
		[[], "unknown"],
	] as [State[], State][])("of %j is %s", (components, state) => {
		expect(groupState(components)).toBe(state);
	});

	test("is what the contract says, for any number of components", () => {
		const count = fc.nat({ max: 50 });
		fc.assert(
			fc.property(count, count, count, (healthy, degraded, unhealthy) => {
				const all = healthy + degraded + unhealthy;
				const expected =
					all === 0
						? "unknown"
						: healthy === all
							? "healthy"
							: healthy * 10 >= all * 7
								? "degraded"
								: "unhealthy";
				const components = [
					...n("healthy", healthy),
					...n("degraded", degraded),
					...n("unhealthy", unhealthy),
				];
				expect(groupState(components)).toBe(expected);
			}),
		);
	});
});

describe("everything", () => {
	test.each([
		[["healthy", "healthy"], "healthy"],
		[["healthy", "degraded"], "degraded"],
		[["degraded", "unhealthy"], "unhealthy"],
		[["healthy", "unknown"], "healthy"],
		[["unknown"], "unknown"],
		[[], "unknown"],
	] as [State[], State][])("of groups %j is %s", (groups, state) => {
		expect(overallState(groups)).toBe(state);
	});
});
