import type { MeasurementConfig } from "../../config/schema/measurement.ts";
import { applicationMetrics } from "../../metrics/application.ts";
import { gauge, type Metric } from "../../metrics/metric.ts";
import {
	createSourceReader,
	type SourceConfig,
	type SourceDependencies,
} from "../values/source-reader.ts";
import { judgeValue, type Kind } from "./kinds.ts";
import { createMeasurement, type Measurement } from "./measurement.ts";

/** Where a value goes. */
export interface Target {
	readonly metric: Metric;
	readonly kind: Kind;
}

/** What is measured under these names is declared in the catalogue. */
export const declaredTargets: readonly Target[] = [
	{ metric: applicationMetrics.modelAccuracy, kind: "share" },
	{ metric: applicationMetrics.dataQuality, kind: "share" },
	{ metric: applicationMetrics.userActivity, kind: "amount" },
	{ metric: applicationMetrics.recommendationLatency, kind: "amount" },
];

/** Where the value of a measurement of the configuration goes: to its own gauge, unless the catalogue has its name. */
export function targetOf(name: string, { help }: MeasurementConfig): Target {
	const known = declaredTargets.find(({ metric }) => metric.name === name);
	if (known !== undefined) return known;
	return {
		metric: {
			name,
			kind: "gauge",
			unit: "{value}",
			help: help ?? `Value of the measurement ${name} of the configuration`,
		},
		kind: "any",
	};
}

/** Measures one value. */
export function measureValue(
	name: string,
	interval: number,
	source: SourceConfig,
	{ metric, kind }: Target,
	dependencies: SourceDependencies,
): Measurement {
	const read = createSourceReader(name, source, dependencies);
	return createMeasurement(name, interval, async (signal) => {
		const { outcome, traceId } = await read(signal);
		if (outcome.kind === "failure") {
			return { problem: `could not be read: ${outcome.reason}`, traceId };
		}
		const judged = judgeValue(outcome.value, kind);
		if ("problem" in judged) return { problem: judged.problem, traceId };
		const { value } = judged;
		return metric.kind === "histogram"
			? { samples: [{ metric, value, labels: {} }], traceId }
			: { readings: [gauge(metric, value)], traceId };
	});
}
