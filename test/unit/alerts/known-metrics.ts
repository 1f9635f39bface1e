import { otherMetrics } from "../../../src/dashboards/other-metrics.ts";
import { catalogue } from "../../../src/metrics/catalogue.ts";
import type { Metric } from "../../../src/metrics/metric.ts";
import { recordingRules } from "./alert-files.ts";

/** What every series may have, however it came to Prometheus. */
export const commonLabels = [
	"job",
	"instance",
	"deployment_environment_name",
	"__name__",
];

/** Every metric that rules may read, by its name in Prometheus, with its own labels. */
export const knownMetrics: ReadonlyMap<string, readonly string[]> = new Map([
	...catalogue
		.flatMap(({ metrics }) => metrics)
		.flatMap((metric) => seriesOf(metric)),
	...recordingRules.map(({ record }): [string, string[]] => [record, []]),
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
