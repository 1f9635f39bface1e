import { otherMetrics } from "../../../src/dashboards/other-metrics.ts";
import { catalogue } from "../../../src/metrics/catalogue.ts";
import type { Metric } from "../../../src/metrics/metric.ts";
import { type RecordingRule, recordingRules } from "./alert-files.ts";

/** What every series may have, however it came to Prometheus. */
export const commonLabels = [
	"job",
	"instance",
	"host_name",
	"deployment_environment_name",
	"__name__",
];

/** Every metric that rules may read, by its name in Prometheus, with its own labels. */
export const knownMetrics: ReadonlyMap<string, readonly string[]> = new Map([
	...catalogue
		.flatMap(({ metrics }) => metrics)
		.flatMap((metric) => seriesOf(metric)),
	...recordingRules.map((rule): [string, string[]] => [
		rule.record,
		labelsOf(rule),
	]),
	...Object.entries(otherMetrics),
]);

/** The names under which Prometheus has the metric, with the labels of each. */
function seriesOf({ name, kind, labels = {} }: Metric): [string, string[]][] {
	const full = `adult_matching_${name}`;
	const own = Object.keys(labels);
	if (kind !== "histogram") return [[full, own]];
	return [
		[`${full}_bucket`, [...own, "le"]],
		[`${full}_count`, own],
		[`${full}_sum`, own],
	];
}

/** What a recording rule sums up by; of buckets, a quantile or share has no `le` any more. */
export function labelsOf({ record, expr }: RecordingRule): string[] {
	const [, by = ""] = /\bby \(([^)]*)\)/.exec(expr) ?? [];
	const labels = by.split(", ").filter((label) => label !== "");
	return record.includes("_bucket:")
		? labels
		: labels.filter((label) => label !== "le");
}
