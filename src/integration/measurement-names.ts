import type { Problem } from "../config/problems.ts";
import type { Config } from "../config/schema/schema.ts";
import { applicationMetrics } from "../metrics/application.ts";
import { catalogue } from "../metrics/catalogue.ts";
import { declaredTargets } from "./measurements/measured-values.ts";

const { recommendationLatency } = applicationMetrics;

/** Names of measurements that something else reports already, and durations that no histogram takes. */
export function measurementProblems({ measurements }: Config): Problem[] {
	const fed = declaredTargets.map(({ metric }) => metric.name);
	const taken = catalogue
		.flatMap(({ metrics }) => metrics.map(({ name }) => name))
		.filter((name) => !fed.includes(name));
	return Object.entries(measurements).flatMap(([name, { duration_of }]) => {
		const path = ["measurements", name];
		if (taken.includes(name)) {
			return [{ path, sentence: "is a metric of the monitor's own" }];
		}
		if (duration_of !== undefined && name !== recommendationLatency.name) {
			const sentence = `durations can only be recorded as ${recommendationLatency.name}`;
			return [{ path: [...path, "duration_of"], sentence }];
		}
		return [];
	});
}
