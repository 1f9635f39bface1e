import { describe, expect, it } from "vitest";
import {
	Instruments,
	serverDuration,
} from "../../../supabase/functions/_shared/monitoring/instruments.ts";
import {
	DeltaMetrics,
	type Series,
} from "../../../supabase/functions/_shared/monitoring/metrics.ts";

const start = 1_795_000_000_000;
const instruments = new Instruments("app");
const { requests, processing } = instruments;

/** What was measured by each name: the amount of a counter, how often a histogram. */
function totals(all: readonly Series[]): Record<string, number> {
	const found: Record<string, number> = {};
	for (const { instrument, sum, count } of all) {
		const { name, bounds } = instrument;
		found[name] = (found[name] ?? 0) + (bounds ? count : sum);
	}
	return found;
}

describe("series are bounded for the life of an isolate", () => {
	it("names of users beyond 150 are counted as other, and nothing is lost", () => {
		const metrics = new DeltaMetrics(start);
		for (let user = 0; user < 1000; user++) {
			metrics.record("f", instruments.duration(`op_${user}`), 5, {}, start);
			metrics.record(
				"f",
				instruments.custom(`thing_${user}`),
				1,
				{ user: "x" },
				start,
			);
			metrics.record(
				"f",
				instruments.custom(`size_${user}`, "bytes"),
				9,
				{},
				start,
			);
			metrics.record(
				"f",
				instruments.counter("user_actions"),
				1,
				{ action: `a${user}` },
				start,
			);
		}
		const series = metrics.take(start + 1);
		expect(series).toHaveLength(150 + 4);
		const all = totals(series);
		const sum = (...names: RegExp[]) =>
			Object.entries(all)
				.filter(([name]) => names.some((each) => each.test(name)))
				.reduce((total, [, value]) => total + value, 0);
		expect(sum(/op_\d+_duration_ms$/, /edge_other_duration_ms$/)).toBe(1000);
		expect(sum(/thing_\d+_total$/, /edge_other_total$/)).toBe(1000);
		expect(sum(/size_\d+$/, /edge_other$/)).toBe(1000);
		expect(sum(/user_actions_total$/)).toBe(1000);
		const actions = series.filter(({ labels }) => labels.action === "other");
		expect(actions).toHaveLength(1);
	});

	it("and a failing request still has a series of its own", () => {
		const metrics = new DeltaMetrics(start);
		for (let user = 0; user < 1000; user++) {
			metrics.record("f", instruments.custom(`thing_${user}`), 1, {}, start);
		}
		metrics.record("f", requests, 1, { status: "500" }, start);
		metrics.record("f", processing, 1, {}, start);
		metrics.record("f", serverDuration, 1, {}, start);
		const names = metrics
			.take(start + 1)
			.filter(({ instrument }) => instrument.few)
			.map(({ labels, instrument }) => [instrument.name, labels]);
		expect(names).toEqual([
			["app_edge_requests_total", { status: "500" }],
			["app_edge_request_processing_duration_ms", {}],
			["http.server.request.duration", {}],
		]);
	});

	it("also after what was counted is taken", () => {
		const metrics = new DeltaMetrics(start);
		const names = new Set<string>();
		for (let round = 0; round < 10; round++) {
			for (let user = 0; user < 100; user++) {
				const instrument = instruments.duration(`op_${round}_${user}`);
				metrics.record("f", instrument, 1, {}, start);
			}
			for (const { instrument } of metrics.take(start + round)) {
				names.add(instrument.name);
			}
		}
		expect(names.size).toBe(151);
	});
});

describe("a function's name that is new each time", () => {
	it("makes no more series than a few names would", () => {
		const metrics = new DeltaMetrics(start);
		for (let each = 0; each < 5000; each++) {
			metrics.record(`f${each}`, requests, 1, { function: `f${each}` }, start);
			metrics.record(`f${each}`, instruments.duration("a"), 1, {}, start);
			if (each === 2500) metrics.giveBack(metrics.take(start));
		}
		const series = metrics.take(start + 1);
		expect(series.length).toBeLessThan(300);
		const counted = series.reduce((sum, { count }) => sum + count, 0);
		expect(counted).toBe(10_000);
	});
});
