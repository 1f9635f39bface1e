import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	afterFinding,
	type Belief,
	type Patience,
} from "../../../src/integration/belief.ts";
import { type State, states } from "../../../src/integration/state.ts";

const usual = { failuresBeforeUnhealthy: 2, successesBeforeHealthy: 1 };

/** What is believed after each of the findings. */
function believed(
	first: State,
	findings: readonly State[],
	patience: Patience = usual,
): Belief[] {
	let belief: Belief = { verdict: { state: first, reason: "before" } };
	return findings.map((state, index) => {
		belief = afterFinding(belief, { state, reason: `${index}` }, patience);
		return belief;
	});
}

function statesOf(beliefs: readonly Belief[]): State[] {
	return beliefs.map(({ verdict }) => verdict.state);
}

describe("what is believed of a component", () => {
	test("does not change by one failure, and does by a second one in a row", () => {
		expect(
			statesOf(
				believed("healthy", ["unhealthy", "healthy", "unhealthy", "unhealthy"]),
			),
		).toEqual(["healthy", "healthy", "healthy", "unhealthy"]);
	});

	test("changes for the better at once", () => {
		expect(statesOf(believed("unhealthy", ["healthy"]))).toEqual(["healthy"]);
		expect(statesOf(believed("unhealthy", ["degraded"]))).toEqual(["degraded"]);
	});

	test("is what was found last, where failures differ", () => {
		const beliefs = believed("healthy", ["unhealthy", "degraded", "unhealthy"]);
		expect(statesOf(beliefs)).toEqual(["healthy", "degraded", "degraded"]);
	});

	test("becomes healthy at the first success, and bad only at the second failure, where nothing was known", () => {
		expect(statesOf(believed("unknown", ["healthy"]))).toEqual(["healthy"]);
		expect(statesOf(believed("unknown", ["unhealthy", "unhealthy"]))).toEqual([
			"unknown",
			"unhealthy",
		]);
	});

	test("names what contradicts it, and how often that came", () => {
		const patience = { ...usual, failuresBeforeUnhealthy: 3 };
		const [, second] = believed("healthy", ["degraded", "unhealthy"], patience);
		expect(second).toEqual({
			verdict: { state: "healthy", reason: "before" },
			contrary: {
				verdict: { state: "unhealthy", reason: "1" },
				isWorse: true,
				times: 2,
			},
		});
	});

	test("takes the newest reason for the same state", () => {
		const [first] = believed("healthy", ["healthy"]);
		expect(first).toEqual({ verdict: { state: "healthy", reason: "0" } });
	});
});

const anyState = fc.constantFrom(...states);
const patience = fc.record({
	failuresBeforeUnhealthy: fc.integer({ min: 1, max: 5 }),
	successesBeforeHealthy: fc.integer({ min: 1, max: 5 }),
});

test("whatever is found, as many findings of one kind in a row as it takes are believed, and no fewer make anything worse", () => {
	fc.assert(
		fc.property(
			anyState,
			fc.array(anyState, { maxLength: 40 }),
			patience,
			(first, findings, limits) => {
				const beliefs = believed(first, findings, limits);
				beliefs.forEach((belief, index) => {
					const before = beliefs[index - 1]?.verdict.state ?? first;
					const { state } = belief.verdict;
					// Nothing is ever believed that was not found, or believed before.
					expect([before, findings[index]]).toContain(state);
					const { failuresBeforeUnhealthy } = limits;
					const streak = findings.slice(
						Math.max(0, index + 1 - failuresBeforeUnhealthy),
						index + 1,
					);
					const isAllBad = streak.every(
						(each) => each === "unhealthy" || each === "degraded",
					);
					if (state === "unhealthy" && before !== "unhealthy") {
						expect(isAllBad && streak.length === failuresBeforeUnhealthy).toBe(
							true,
						);
					}
				});
			},
		),
	);
});

test("a state that is found again and again is believed in the end", () => {
	fc.assert(
		fc.property(anyState, anyState, patience, (first, found, limits) => {
			const times = Math.max(...Object.values(limits));
			const beliefs = believed(first, Array(times).fill(found), limits);
			expect(beliefs.at(-1)).toMatchObject({ verdict: { state: found } });
			expect(beliefs.at(-1)?.contrary).toBeUndefined();
		}),
	);
});
