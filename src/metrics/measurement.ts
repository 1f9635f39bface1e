import type { Metric } from "./metric.ts";

const measurement = { measurement: { atMost: 100 } };

/** How it goes with the measurements themselves, the recommender's included. */
export const measurementMetrics = {
	success: {
		name: "measurement_success",
		kind: "gauge",
		unit: "{success}",
		help: "1 if the measurement's last run found a value, 0 if not: its own metric is absent then",
		labels: measurement,
		fold: "min",
	},
	errors: {
		name: "measurement_errors_total",
		kind: "counter",
		unit: "{error}",
		help: "Runs of the measurement that found no value, or were left out because the one before had not ended",
		labels: measurement,
	},
} satisfies Record<string, Metric>;
