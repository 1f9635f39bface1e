import type { Labels, Metric, Reading } from "./metric.ts";

/** What stands for every label value that is unknown, or one too many. */
export const other = "other";

/**
 * Keeps the values of each label within its bound.
 * Made anew for a round of readings, kept for the lifetime of a recorded instrument.
 */
export class LabelBounds {
	readonly #seen = new Map<string, Set<string>>();
	readonly #onFold: (metric: Metric, label: string) => void;

	constructor(onFold: (metric: Metric, label: string) => void) {
		this.#onFold = onFold;
	}

	/** The labels that the metric declares, in its order, each within its bound. */
	within(metric: Metric, labels: Labels): Record<string, string> {
		const bounded: Record<string, string> = {};
		for (const [label, bound] of Object.entries(metric.labels ?? {})) {
			const value = labels[label];
			if (value === undefined) continue;
			const known =
				"atMost" in bound
					? this.#isOneOfAtMost(metric, label, value, bound.atMost)
					: bound.includes(value);
			if (!known) this.#onFold(metric, label);
			bounded[label] = known ? value : other;
		}
		return bounded;
	}

	#isOneOfAtMost(metric: Metric, label: string, value: string, most: number) {
		const key = `${metric.name} ${label}`;
		const seen = this.#seen.get(key) ?? new Set();
		this.#seen.set(key, seen);
		if (seen.has(value)) return true;
		if (seen.size >= most) return false;
		seen.add(value);
		return true;
	}
}

const merge = {
	sum: (a: number, b: number) => a + b,
	max: Math.max,
	min: Math.min,
};

/** Readings within their bounds, and one for each set of labels: those that fell together are made one. */
export function foldReadings(
	readings: readonly Reading[],
	onFold: (metric: Metric, label: string) => void,
): Reading[] {
	const bounds = new LabelBounds(onFold);
	const folded = new Map<string, Reading>();
	for (const reading of readings) {
		const { metric } = reading;
		const labels = bounds.within(metric, reading.labels);
		const key = `${metric.name} ${JSON.stringify(labels)}`;
		const before = folded.get(key);
		folded.set(
			key,
			before ? together(before, reading) : { ...reading, labels },
		);
	}
	return [...folded.values()];
}

function together(before: Reading, added: Reading): Reading {
	const value = merge[before.metric.fold ?? "sum"](before.value, added.value);
	if (before.since === undefined || added.since === undefined) {
		return { ...before, value };
	}
	return { ...before, value, since: Math.min(before.since, added.since) };
}
