import type { Labels, Metric, Reading } from "../../src/metrics/metric.ts";

/** The reading of a metric that has all these labels; there must not be two. */
export function readingOf(
	readings: readonly Reading[],
	metric: Metric,
	labels: Labels = {},
): Reading | undefined {
	const found = readings.filter(
		(reading) =>
			reading.metric === metric &&
			Object.entries(labels).every(
				([label, value]) => reading.labels[label] === value,
			),
	);
	if (found.length > 1) {
		throw new Error(
			`${metric.name} has ${found.length} readings with ${JSON.stringify(labels)}`,
		);
	}
	return found[0];
}

export function measured(
	readings: readonly Reading[],
	metric: Metric,
	labels: Labels = {},
): number | undefined {
	return readingOf(readings, metric, labels)?.value;
}
