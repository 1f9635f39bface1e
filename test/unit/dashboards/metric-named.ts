import { otherMetrics } from "../../../src/dashboards/other-metrics.ts";
import { catalogue } from "../../../src/metrics/catalogue.ts";
import { recordingRules } from "../alerts/alert-files.ts";

/** What is known of a metric in Prometheus. */
export interface KnownMetric {
	/** As in the catalogue. */
	readonly unit: string;
	readonly isCounter: boolean;
	/** Of a histogram. */
	readonly part?: "bucket" | "count" | "sum";
	/** Whether it is what a rule has recorded of how fast such a metric grows. */
	readonly isRate?: boolean;
}

const ours = catalogue.flatMap(({ metrics }) => metrics);

/** @throws Error if there is no metric of the name */
export function metricNamed(name: string): KnownMetric {
	const [, base = name, part] = /^(.+)_(bucket|count|sum)$/.exec(name) ?? [];
	for (const { name: own, kind, unit } of ours) {
		const full = `adult_matching_${own}`;
		if (kind !== "histogram" && name === full) {
			return { unit, isCounter: kind === "counter" };
		}
		if (kind === "histogram" && base === full) {
			if (part === "bucket" || part === "count" || part === "sum") {
				return { unit, isCounter: true, part };
			}
		}
	}
	if (recordingRules.some(({ record }) => record === name)) {
		return recordedMetric(name);
	}
	if (!(name in otherMetrics)) throw new Error(`there is no metric ${name}`);
	const isBucket = name.endsWith("_bucket");
	return {
		unit: otherUnit(name),
		isCounter: isBucket || counters.test(name),
		...(isBucket && { part: "bucket" }),
	};
}

/** Its name has that of the metric which it is made of, and how: `level:metric:rate5m`. */
function recordedMetric(name: string): KnownMetric {
	const [how = "", metric = ""] = name.split(":").reverse();
	const [, base = metric, part] =
		/^(.+)_(bucket|count|sum)$/.exec(metric) ?? [];
	const own = ours.find(({ name }) => `adult_matching_${name}` === base);
	return {
		unit: own?.unit ?? otherUnit(metric),
		isCounter: false,
		isRate: how.startsWith("rate"),
		...((part === "bucket" || part === "count" || part === "sum") && { part }),
	};
}

const counters = /_total$|^otelcol_(receiver|exporter_send|deltatocumulative)_/;

function otherUnit(name: string): string {
	if (/_seconds(_bucket)?$/.test(name)) return "s";
	return name.endsWith("_rss") ? "By" : "{item}";
}
