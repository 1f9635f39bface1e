import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Instruments } from "../../../supabase/functions/_shared/monitoring/instruments.ts";
import {
	DeltaMetrics,
	encodeMetrics,
	type Series,
} from "../../../supabase/functions/_shared/monitoring/metrics.ts";
import { encodeRequest } from "../../../supabase/functions/_shared/monitoring/otlp.ts";
import { type Point, parseMetrics } from "../../edge/otlp-json.ts";

const start = 1_795_000_000_000;
const instruments = new Instruments("app");
const { requests, processing } = instruments;

/** The points as a receiver reads them. */
function pointsOf(series: readonly Series[], now = start + 1000): Point[] {
	const metrics = encodeMetrics(series, now);
	return parseMetrics(
		encodeRequest("metrics", new Map([["f", metrics]]), () => ({})),
	);
}

describe("delta metrics", () => {
	it("count from one collection to the next, and then from zero", () => {
		const metrics = new DeltaMetrics(start);
		metrics.record("f", requests, 1, { status: "200" }, start + 1);
		metrics.record("f", requests, 2, { status: "200" }, start + 2);
		metrics.record("f", requests, 1, { status: "500" }, start + 3);
		const [first, second] = pointsOf(metrics.take(start + 1000));
		expect(first).toMatchObject({ value: 3, attributes: { status: "200" } });
		expect(second).toMatchObject({ value: 1, attributes: { status: "500" } });
		expect(first?.start).toBe(BigInt(start) * 1_000_000n);
		expect(first?.time).toBe(BigInt(start + 1000) * 1_000_000n);
		expect(metrics.take(start + 1500)).toEqual([]);

		metrics.record("f", requests, 1, { status: "200" }, start + 1600);
		const [next] = pointsOf(metrics.take(start + 2000), start + 2000);
		expect(next?.value).toBe(1);
		expect(next?.start).toBe(BigInt(start + 1500) * 1_000_000n);
	});

	it("put a value into the bucket whose upper bound it does not exceed", () => {
		const metrics = new DeltaMetrics(start);
		const instrument = { name: "d", bounds: [1, 10, 100] };
		for (const value of [0, 1, 1.5, 10, 100, 100.5, 1e9]) {
			metrics.record("f", instrument, value, {}, start);
		}
		const [taken] = metrics.take(start);
		expect(taken?.buckets).toEqual([2, 2, 1, 2]);
		const [point] = pointsOf(taken ? [taken] : []);
		expect(point).toMatchObject({ count: 7, bounds: [1, 10, 100] });
	});

	it("keep the latest exemplar of each bucket, of spans only", () => {
		const metrics = new DeltaMetrics(start);
		const instrument = { name: "d", bounds: [1] };
		const span = (id: number) => ({
			traceId: String(id).repeat(32),
			spanId: String(id).repeat(16),
		});
		metrics.record("f", instrument, 0.1, {}, start + 1, span(1));
		metrics.record("f", instrument, 0.2, {}, start + 2, span(2));
		metrics.record("f", instrument, 0.3, {}, start + 3);
		metrics.record("f", instrument, 5, {}, start + 4, span(4));
		const [point] = pointsOf(metrics.take(start + 5));
		expect(point?.exemplars).toEqual([
			{
				...span(2),
				timeUnixNano: `${start + 2}000000`,
				asDouble: 0.2,
			},
			{ ...span(4), timeUnixNano: `${start + 4}000000`, asDouble: 5 },
		]);
	});

	it("stay numbers, however much is added up", () => {
		const metrics = new DeltaMetrics(start);
		const names = ["count", "bytes"];
		for (const unit of [...names, ...names]) {
			const instrument = instruments.custom("much", unit);
			metrics.record("f", instrument, Number.MAX_VALUE, {}, start);
		}
		const points = pointsOf(metrics.take(start));
		expect(points.map(({ value }) => value)).toEqual([
			Number.MAX_VALUE,
			Number.MAX_VALUE,
		]);
	});

	it("lose nothing of what is given back, whatever was counted since", () => {
		const amounts = fc.array(
			fc.record({
				instrument: fc.constantFrom(
					requests,
					processing,
					instruments.duration("a"),
				),
				status: fc.constantFrom("200", "404", "500"),
				value: fc.integer({ min: 0, max: 50_000 }),
			}),
		);
		fc.assert(
			fc.property(amounts, amounts, fc.boolean(), (before, since, twice) => {
				const metrics = new DeltaMetrics(start);
				const straight = new DeltaMetrics(start);
				for (const { instrument, status, value } of [...before, ...since]) {
					straight.record("f", instrument, value, { status }, start);
				}
				for (const { instrument, status, value } of before) {
					metrics.record("f", instrument, value, { status }, start);
				}
				const taken = metrics.take(start + 1);
				for (const { instrument, status, value } of since) {
					metrics.record("f", instrument, value, { status }, start + 2);
				}
				metrics.giveBack(taken);
				if (twice) metrics.giveBack(metrics.take(start + 3));
				const all = metrics.take(start + 4);
				const bare = (series: Series[]) =>
					series
						.map(({ key, count, sum, buckets }) => ({
							key,
							count,
							sum,
							buckets,
						}))
						.sort((a, b) => a.key.localeCompare(b.key));
				expect(bare(all)).toEqual(bare(straight.take(start + 4)));
				for (const series of taken) expect(series.start).toBe(start);
			}),
		);
	});
});
