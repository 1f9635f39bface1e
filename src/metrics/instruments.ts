import type { Counter, Histogram, Meter } from "@opentelemetry/api";
import { LabelBounds } from "./fold.ts";
import type { Labels, Metric } from "./metric.ts";

/** Records events as they happen, on OpenTelemetry instruments made from the catalogue's declarations. */
export class Instruments {
	readonly #meter: Meter;
	readonly #namespace: string;
	readonly #counters = new Map<Metric, Counter>();
	readonly #histograms = new Map<Metric, Histogram>();
	readonly #bounds: LabelBounds;

	constructor(
		meter: Meter,
		namespace: string,
		onFold: (metric: Metric, label: string) => void,
	) {
		this.#meter = meter;
		this.#namespace = namespace;
		this.#bounds = new LabelBounds(onFold);
	}

	/** Adds to a counter; adding 0 makes a series visible before its first event. */
	count(metric: Metric, labels: Labels = {}, amount = 1): void {
		const counter =
			this.#counters.get(metric) ??
			this.#meter.createCounter(...this.#declaration(metric));
		this.#counters.set(metric, counter);
		counter.add(amount, this.#bounds.within(metric, labels));
	}

	/** Records a value, in the metric's unit, in a histogram. */
	record(metric: Metric, value: number, labels: Labels = {}): void {
		const histogram =
			this.#histograms.get(metric) ??
			this.#meter.createHistogram(...this.#declaration(metric));
		this.#histograms.set(metric, histogram);
		histogram.record(value, this.#bounds.within(metric, labels));
	}

	#declaration({ name, help, unit, buckets }: Metric) {
		const advice = buckets
			? { advice: { explicitBucketBoundaries: [...buckets] } }
			: {};
		return [
			`${this.#namespace}_${name}`,
			{ description: help, unit, ...advice },
		] as const;
	}
}
