import { encodeAttributes, nanoseconds } from "./otlp.ts";

export type Labels = Readonly<Record<string, string | number | undefined>>;

/** What is measured. A histogram has the upper bounds of its buckets, a counter has none. */
export interface Instrument {
	readonly name: string;
	readonly unit?: string | undefined;
	readonly bounds?: readonly number[] | undefined;
	/** Whether its series are few by nature: it may have those that are kept free. */
	readonly few?: boolean;
	/** What it is recorded as when there are too many series; without it, the labels become `other` instead. */
	readonly otherName?: string;
}

/** A span that a measurement was made in. */
export interface Exemplar {
	readonly traceId: string;
	readonly spanId: string;
}

interface Point extends Exemplar {
	readonly time: number;
	readonly value: number;
}

export interface Series {
	readonly key: string;
	readonly functionName: string;
	readonly instrument: Instrument;
	readonly labels: Labels;
	/** Unix milliseconds from which it counts. */
	start: number;
	/** Measurements in it. */
	count: number;
	sum: number;
	readonly buckets: number[];
	/** The latest measurement of each bucket that was made in a trace. */
	readonly exemplars: (Point | undefined)[];
}

const most = 200;
/** Kept free for series that are few by nature, so that no name of a user's hides a failing request. */
const reserved = 50;
const delta = 1;

/** What was counted since it was last taken, in at most 200 series and those named `other`. */
export class DeltaMetrics {
	readonly #known = new Set<string>();
	readonly #functions = new Set<string>();
	#series = new Map<string, Series>();
	#since: number;

	/** @param now Unix milliseconds */
	constructor(now: number) {
		this.#since = now;
	}

	/** @param value the amount of a counter, the measured value of a histogram; never negative */
	record(
		functionName: string,
		instrument: Instrument,
		value: number,
		labels: Labels,
		now: number,
		exemplar?: Exemplar,
	): void {
		const series = this.#find(functionName, instrument, labels);
		const bounds = series.instrument.bounds ?? [];
		const found = bounds.findIndex((bound) => value <= bound);
		const bucket = found === -1 ? bounds.length : found;
		series.count += 1;
		series.sum += value;
		series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
		if (!exemplar) return;
		const { traceId, spanId } = exemplar;
		series.exemplars[bucket] = { traceId, spanId, time: now, value };
	}

	/** Takes what was counted; the next count starts here. */
	take(now: number): Series[] {
		const taken = [...this.#series.values()];
		this.#series = new Map();
		this.#since = now;
		return taken;
	}

	/** Adds what could not be sent to what was counted since. */
	giveBack(taken: readonly Series[]): void {
		for (const old of taken) {
			const series = this.#series.get(old.key);
			if (series) add(series, old);
			else this.#series.set(old.key, old);
		}
	}

	#find(functionName: string, instrument: Instrument, labels: Labels): Series {
		const key = keyOf(functionName, instrument, labels);
		const before = this.#series.get(key);
		if (before) return before;
		const room = instrument.few ? most : most - reserved;
		if (this.#known.has(key) || this.#known.size < room) {
			this.#known.add(key);
			this.#functions.add(functionName);
			return this.#start(key, functionName, instrument, labels);
		}
		const [folded, other] = fold(instrument, labels);
		// No more functions than series: a name may be new each time.
		const owner = this.#functions.has(functionName) ? functionName : "other";
		const foldedKey = keyOf(owner, folded, other);
		return (
			this.#series.get(foldedKey) ??
			this.#start(foldedKey, owner, folded, other)
		);
	}

	#start(
		key: string,
		functionName: string,
		instrument: Instrument,
		labels: Labels,
	): Series {
		const series = {
			key,
			functionName,
			instrument,
			labels,
			start: this.#since,
			count: 0,
			sum: 0,
			buckets: new Array(1 + (instrument.bounds?.length ?? 0)).fill(0),
			exemplars: [],
		};
		this.#series.set(key, series);
		return series;
	}
}

function keyOf(functionName: string, { name }: Instrument, labels: Labels) {
	return JSON.stringify([functionName, name, labels]);
}

function fold(instrument: Instrument, labels: Labels): [Instrument, Labels] {
	const { otherName: name } = instrument;
	if (name) return [{ ...instrument, name, unit: undefined }, {}];
	const others = Object.entries(labels).map(
		([label, value]) => [label, value && "other"] as const,
	);
	return [instrument, Object.fromEntries(others)];
}

function add(series: Series, old: Series): void {
	series.start = Math.min(series.start, old.start);
	series.count += old.count;
	series.sum += old.sum;
	for (const [bucket, count] of old.buckets.entries()) {
		series.buckets[bucket] = (series.buckets[bucket] ?? 0) + count;
		series.exemplars[bucket] ??= old.exemplars[bucket];
	}
}

/** The metrics of one function in OTLP's JSON: delta sums and histograms, with exemplars. */
export function encodeMetrics(
	series: readonly Series[],
	now: number,
): string[] {
	const byName = Map.groupBy(series, (each) => each.instrument.name);
	return [...byName].map(([name, all]) => {
		const { unit, bounds } = all[0]?.instrument ?? {};
		const points = all.map((each) => encodePoint(each, now)).join();
		const data = `"aggregationTemporality":${delta},"dataPoints":[${points}]`;
		return (
			`{"name":"${name}",` +
			(unit ? `"unit":${JSON.stringify(unit)},` : "") +
			(bounds
				? `"histogram":{${data}}}`
				: `"sum":{"isMonotonic":true,${data}}}`)
		);
	});
}

function encodePoint(series: Series, now: number): string {
	const { instrument, labels, start, count, buckets } = series;
	// JSON has no infinity: one such sum would cost the whole body.
	const sum = Math.min(series.sum, Number.MAX_VALUE);
	const exemplars = series.exemplars.map(encodeExemplar).filter(Boolean);
	const values = instrument.bounds
		? `"count":"${count}","sum":${sum},"bucketCounts":["${buckets.join('","')}"],"explicitBounds":[${instrument.bounds}]`
		: `"asDouble":${sum}`;
	return `{"attributes":${encodeAttributes(labels)},"startTimeUnixNano":"${nanoseconds(start)}","timeUnixNano":"${nanoseconds(now)}","exemplars":[${exemplars}],${values}}`;
}

function encodeExemplar(made: Point | undefined): string {
	if (!made) return "";
	const { traceId, spanId, time, value } = made;
	return `{"traceId":"${traceId}","spanId":"${spanId}","timeUnixNano":"${nanoseconds(time)}","asDouble":${value}}`;
}
