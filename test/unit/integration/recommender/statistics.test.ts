import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	baselineOf,
	gini,
	populationStabilityIndex,
} from "../../../../src/integration/recommender/statistics.ts";

const counts = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 200 });
const someCounts = counts.filter((all) => all.some((count) => count > 0));
const score = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const scores = fc.array(score, { minLength: 2, maxLength: 500 });
/** Of few different values, so that many are equal. */
const tiedScores = fc.array(fc.integer({ min: 0, max: 4 }), {
	minLength: 2,
	maxLength: 200,
});
const anyScores = fc.oneof(scores, tiedScores);

describe("the Gini index", () => {
	test.each([
		["of the same for all", [3, 3, 3, 3], 0],
		["of a single one", [7], 0],
		["of one of two", [0, 1], 0.5],
		["of one of four", [0, 0, 0, 5], 0.75],
		["of 1, 2, 3, 4", [1, 2, 3, 4], 0.25],
		["of 1 and 3, whose mean difference is half of the mean", [3, 1], 0.25],
	])("%s is known", (_, list, index) => {
		expect(gini(list)).toBeCloseTo(index, 12);
	});

	test.each([
		["there is nobody", []],
		["nobody has anything", [0, 0, 0]],
	])("is undefined where %s", (_, list) => {
		expect(gini(list)).toBeUndefined();
	});

	test.each([[[-1, 2]], [[Number.NaN, 1]], [[1, Number.POSITIVE_INFINITY]]])(
		"refuses %j",
		(list) => {
			expect(() => gini(list)).toThrow(RangeError);
		},
	);

	test("is from 0 to below 1, and that of the definition by mean differences", () => {
		fc.assert(
			fc.property(someCounts, (list) => {
				const index = gini(list) ?? Number.NaN;
				expect(index).toBeGreaterThanOrEqual(0);
				expect(index).toBeLessThan(1);
				const n = list.length;
				const mean = list.reduce((sum, x) => sum + x, 0) / n;
				const differences = list
					.flatMap((x) => list.map((y) => Math.abs(x - y)))
					.reduce((sum, difference) => sum + difference, 0);
				expect(index).toBeCloseTo(differences / (2 * n * n * mean), 9);
			}),
			{ numRuns: 50 },
		);
	});

	test("does not depend on scale or order", () => {
		fc.assert(
			fc.property(
				someCounts,
				fc.double({ min: 0.001, max: 1e300, noNaN: true }),
				(list, factor) => {
					const scaled = list.map((count) => count * factor).reverse();
					expect(gini(scaled)).toBeCloseTo(gini(list) ?? Number.NaN, 9);
				},
			),
		);
	});

	test("falls when the richest gives to the poorest", () => {
		fc.assert(
			fc.property(
				fc.array(fc.nat(1000), { minLength: 2, maxLength: 50 }),
				(list) => {
					const sorted = [...list].sort((a, b) => a - b);
					const poorest = sorted.shift() ?? 0;
					const richest = sorted.pop() ?? 0;
					fc.pre(richest - poorest >= 2);
					const after = gini([poorest + 1, ...sorted, richest - 1]);
					expect(after).toBeLessThan(gini(list) ?? Number.NaN);
				},
			),
		);
	});
});

describe("a baseline", () => {
	test("divides scores into bins that hold as many each", () => {
		const list = Array.from({ length: 1000 }, (_, index) => index / 1000);
		const baseline = baselineOf(list);
		expect(baseline?.edges).toHaveLength(9);
		for (const share of baseline?.shares ?? []) {
			expect(share).toBeCloseTo(0.1, 12);
		}
	});

	test("has fewer bins where scores are equal, each with its own share", () => {
		expect(baselineOf([0, 0, 0, 0, 0, 0, 1, 2])).toEqual({
			edges: [0, 1],
			shares: [0.75, 0.125, 0.125],
		});
		expect(baselineOf([5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 1])).toEqual({
			edges: [1],
			shares: [1 / 15, 14 / 15],
		});
	});

	test.each([[[]], [[1]], [[2, 2, 2]]])(
		"can't be made of %j, which has no two different scores",
		(list) => {
			expect(baselineOf(list)).toBeUndefined();
		},
	);

	test("has rising edges, and shares that are all above 0 and make up 1", () => {
		fc.assert(
			fc.property(anyScores, (list) => {
				const baseline = baselineOf(list);
				fc.pre(baseline !== undefined);
				const { edges, shares } = baseline;
				expect(edges).toEqual([...new Set(edges)].sort((a, b) => a - b));
				expect(shares).toHaveLength(edges.length + 1);
				expect(edges.length).toBeLessThan(10);
				expect(Math.min(...shares)).toBeGreaterThan(0);
				expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 9);
			}),
		);
	});
});

describe("the Population Stability Index", () => {
	const even = Array.from({ length: 1000 }, (_, index) => index / 1000);

	test("is 0 for the scores of the baseline, in any order and any number of times", () => {
		fc.assert(
			fc.property(anyScores, fc.integer({ min: 1, max: 3 }), (list, times) => {
				const baseline = baselineOf(list);
				fc.pre(baseline !== undefined);
				const again = Array.from({ length: times }, () => list).flat();
				expect(populationStabilityIndex(baseline, again.reverse())).toBeCloseTo(
					0,
					12,
				);
			}),
		);
	});

	test("is never below 0, and finite, whatever is compared", () => {
		fc.assert(
			fc.property(anyScores, anyScores, (first, second) => {
				const baseline = baselineOf(first);
				fc.pre(baseline !== undefined);
				const index = populationStabilityIndex(baseline, second);
				expect(index).toBeGreaterThanOrEqual(0);
				expect(index).toBeLessThan(20);
			}),
		);
	});

	test("does not depend on the order of the scores", () => {
		fc.assert(
			fc.property(anyScores, anyScores, (first, second) => {
				const baseline = baselineOf(first);
				fc.pre(baseline !== undefined);
				expect(baselineOf([...first].reverse())).toEqual(baseline);
				expect(populationStabilityIndex(baseline, [...second].reverse())).toBe(
					populationStabilityIndex(baseline, second),
				);
			}),
		);
	});

	test("grows with the shift of the scores, either way", () => {
		const baseline = baselineOf(even) ?? { edges: [], shares: [] };
		for (const direction of [1, -1]) {
			const indices = [0, 0.05, 0.1, 0.2, 0.4, 0.8].map((shift) => {
				const shifted = even.map((each) => each + direction * shift);
				return populationStabilityIndex(baseline, shifted) ?? Number.NaN;
			});
			expect(indices[0]).toBeCloseTo(0, 12);
			expect(indices).toEqual([...indices].sort((a, b) => a - b));
			expect(new Set(indices).size).toBe(indices.length);
		}
	});

	test("is the sum of its formula", () => {
		const baseline = { edges: [1, 2], shares: [0.5, 0.3, 0.2] };
		const list = [1, 1, 1, 1, 2, 2, 2, 3, 3, 3];
		const expected =
			(0.4 - 0.5) * Math.log(0.4 / 0.5) + (0.3 - 0.2) * Math.log(0.3 / 0.2);
		expect(populationStabilityIndex(baseline, list)).toBeCloseTo(expected, 12);
	});

	test("takes an empty bin as a share of 0.0001", () => {
		const baseline = { edges: [1], shares: [0.5, 0.5] };
		const expected =
			(0.0001 - 0.5) * Math.log(0.0001 / 0.5) + 0.5 * Math.log(1 / 0.5);
		expect(populationStabilityIndex(baseline, [2, 3])).toBeCloseTo(
			expected,
			12,
		);
	});

	test("is undefined without scores", () => {
		const baseline = { edges: [1], shares: [0.5, 0.5] };
		expect(populationStabilityIndex(baseline, [])).toBeUndefined();
	});
});
