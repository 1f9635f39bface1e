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
	const recorded = recordingRules.find(({ record }) => record === name);
	if (recorded) return { unit: recordedUnit(name), isCounter: false };
	if (!(name in otherMetrics)) throw new Error(`there is no metric ${name}`);
	const isBucket = name.endsWith("_bucket");
	return {
		unit: otherUnit(name),
		isCounter: isBucket || counters.test(name),
		...(isBucket && { part: "bucket" }),
	};
}

/** A rate of requests, or a share. */
function recordedUnit(name: string): string {
	return name.includes(":rate") ? "rate" : "{share}";
}

const counters = /_total$|^otelcol_(receiver|exporter_send|deltatocumulative)_/;

function otherUnit(name: string): string {
	if (/_seconds(_bucket)?$/.test(name)) return "s";
	return name.endsWith("_rss") ? "By" : "{item}";
}
