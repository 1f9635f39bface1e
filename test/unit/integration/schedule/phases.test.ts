import fc from "fast-check";
import { expect, test } from "vitest";
import {
	nextTurn,
	phasesOf,
} from "../../../../src/integration/schedule/phases.ts";

test("those of one interval are spread evenly over it, whatever the others are", () => {
	const items = [30, 60, 30, 30, 60].map((interval) => ({ interval }));
	expect([...phasesOf(items).values()]).toEqual([0, 10_000, 20_000, 0, 30_000]);
});

const interval = fc.integer({ min: 100, max: 86_400_000 });
const now = fc.integer({ min: 1.7e12, max: 1.9e12 });

test("the next turn comes within one interval, and the one after it an interval later", () => {
	fc.assert(
		fc.property(now, interval, fc.nat({ max: 99 }), (time, length, part) => {
			const phase = (length * part) / 100;
			const turn = nextTurn(time, length, phase);
			expect(turn).toBeGreaterThan(time);
			expect(turn).toBeLessThanOrEqual(time + length);
			expect(nextTurn(turn, length, phase)).toBeCloseTo(turn + length, 3);
		}),
	);
});

test("a restart changes no one's turn", () => {
	fc.assert(
		fc.property(now, interval, fc.nat({ max: 99 }), (time, length, away) => {
			const turn = nextTurn(time, length, length / 3);
			const later = time + ((turn - time) * away) / 100;
			expect(nextTurn(later, length, length / 3)).toBeCloseTo(turn, 3);
		}),
	);
});
