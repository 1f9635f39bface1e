import { expect, test } from "vitest";
import { counter, gauge } from "../../../src/metrics/metric.ts";
import { postgresMetrics } from "../../../src/metrics/postgres.ts";
import { CounterStarts } from "../../../src/system/postgres/counter-starts.ts";

const { deadlocks, checkpointSync, locksWaiting } = postgresMetrics;
const start = 1000;

/** What becomes of a counter's start, round by round; the rounds are at 2000, 3000, … */
function starts(...rounds: { value: number; since?: number }[]) {
	const counterStarts = new CounterStarts();
	return rounds.map(({ value, since = start }, index) => {
		const [dated] = counterStarts.dated(
			[counter(deadlocks, value, since, { database: "shop" })],
			2000 + index * 1000,
		);
		return dated?.since;
	});
}

test("keeps the start of a counter that stays or grows", () => {
	expect(starts({ value: 5 }, { value: 5 }, { value: 9 })).toEqual([
		1000, 1000, 1000,
	]);
});

test("takes the last reading as the start of a counter that fell, and keeps to it", () => {
	expect(
		starts({ value: 5 }, { value: 2 }, { value: 3 }, { value: 1 }),
	).toEqual([1000, 2000, 2000, 4000]);
});

test("takes the start that the server gives, when it is a new one", () => {
	expect(
		starts({ value: 5 }, { value: 2, since: 2500 }, { value: 3, since: 2500 }),
	).toEqual([1000, 2500, 2500]);
});

test("takes a counter that was gone for a round as the server gives it", () => {
	const counterStarts = new CounterStarts();
	counterStarts.dated([counter(deadlocks, 5, start)], 2000);
	counterStarts.dated([], 3000);
	expect(counterStarts.dated([counter(deadlocks, 2, start)], 4000)).toEqual([
		counter(deadlocks, 2, start),
	]);
});

test("tells series apart, and leaves gauges as they are", () => {
	const counterStarts = new CounterStarts();
	const round = (shop: number, blog: number, sync: number) => [
		counter(deadlocks, shop, start, { database: "shop" }),
		counter(deadlocks, blog, start, { database: "blog" }),
		counter(checkpointSync, sync, start),
		gauge(locksWaiting, 1),
	];
	counterStarts.dated(round(5, 5, 5), 2000);
	expect(
		counterStarts.dated(round(1, 6, 5), 3000).map(({ since }) => since),
	).toEqual([2000, 1000, 1000, undefined]);
});
