import { otherMetrics } from "../../src/dashboards/other-metrics.ts";
import { catalogue } from "../../src/metrics/catalogue.ts";
import type { LabelBound, Metric } from "../../src/metrics/metric.ts";
import {
	type RecordingRule,
	recordingRules,
} from "../../test/unit/alerts/alert-files.ts";
import { labelsOf } from "../../test/unit/alerts/known-metrics.ts";

const functions = numbered("function", 50);
const services = ["data_sync", "inference", "ml_training"];
const instances = ["one", "two"];

type Labels = Readonly<Record<string, string>>;

/** A series to be made. */
export interface MadeSeries {
	readonly name: string;
	readonly labels: Labels;
	/** What it rises by in a second; 0 of a gauge. */
	readonly rise: number;
	/** Seconds between two samples, if they are more than those of others. */
	readonly interval?: number;
	/** Whether it is there in one hour of ten only. */
	readonly isRare?: boolean;
}

/** What labels hold that are not listed in the catalogue; `few` values of any other. */
const values: Readonly<Record<string, readonly string[]>> = {
	function: functions,
	deployment_environment_name: ["production"],
	instance: ["one"],
	host_name: ["one"],
	endpoint: numbered("endpoint", 10),
	method: ["GET"],
	status: ["200", "404", "500"],
	queryid: numbered("queryid", 50),
	model_version: ["version"],
	trace_id: ["trace"],
	service_name: [...functions, ...services],
	span_name: ["span"],
	span_kind: ["SPAN_KIND_SERVER", "SPAN_KIND_CLIENT"],
	status_code: ["STATUS_CODE_UNSET", "STATUS_CODE_ERROR"],
	client: functions,
	server: ["inference", "postgresql"],
	failed: ["false"],
};
const few = 3;
const bucketsOfSpans = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

/** All series of the catalogue, and of other programs, that one of these queries names. No alert fires. */
export function seriesFor(queries: readonly string[]): MadeSeries[] {
	const named = new Set(
		queries.flatMap((query) => query.match(/[\w:]+/g) ?? []),
	);
	const metrics = catalogue.flatMap(({ metrics }) => metrics);
	return [
		...metrics.flatMap(seriesOfMetric),
		...Object.entries(otherMetrics).flatMap(([name, labels]) =>
			seriesOfOther(name, labels),
		),
		...recordingRules.flatMap(seriesOfRule),
	].filter(({ name }) => named.has(name) && name !== "ALERTS");
}

function seriesOfMetric({
	name,
	kind,
	labels = {},
	buckets = [],
}: Metric): MadeSeries[] {
	const full = `adult_matching_${name}`;
	const sets = Object.entries(labels).reduce<Labels[]>(
		(all, [label, bound]) =>
			all.flatMap((set) =>
				valuesOf(label, bound, set).map((value) => ({
					...set,
					[label]: value,
				})),
			),
		sendersOf(labels),
	);
	if (kind === "histogram") {
		return sets.flatMap((set) => histogram(full, set, buckets));
	}
	const rise = kind === "counter" ? 0.5 : 0;
	return sets.map((set) => ({ name: full, labels: set, rise }));
}

function seriesOfOther(name: string, labels: readonly string[]): MadeSeries[] {
	const sets = labels
		.filter((label) => label !== "le")
		.reduce<Labels[]>(
			(all, label) =>
				all.flatMap((set) =>
					valuesOf(label, { atMost: 100 }, set).map((value) => ({
						...set,
						[label]: value,
					})),
				),
			[{ job: "inference", instance: "one" }],
		);
	if (labels.includes("le")) {
		const base = name.replace(/_bucket$/, "");
		return sets.flatMap((set) => histogram(base, set, bucketsOfSpans));
	}
	const rise = name.endsWith("_total") ? 0.5 : 0;
	return sets.map((set) => ({ name, labels: set, rise }));
}

/** What a rule records: a number for each set of the labels that it sums up by; errors are recorded only while there are any. */
function seriesOfRule(rule: RecordingRule): MadeSeries[] {
	const [, metric = ""] = rule.record.split(":");
	const sets = labelsOf(rule).reduce<Labels[]>(
		(all, label) =>
			all.flatMap((set) =>
				valuesOfRecord(label, metric, set).map((value) => ({
					...set,
					[label]: value,
				})),
			),
		[{}],
	);
	const isRare = rule.expr.endsWith("> 0");
	return sets.map((labels) => ({
		name: rule.record,
		labels,
		rise: 0,
		interval: 60,
		isRare,
	}));
}

function valuesOfRecord(
	label: string,
	metric: string,
	set: Labels,
): readonly string[] {
	if (label === "job") return /request/.test(metric) ? services : ["monitor"];
	const base = metric.replace(/_(bucket|count|sum)$/, "");
	const known = catalogue
		.flatMap(({ metrics }) => metrics)
		.find(({ name }) => `adult_matching_${name}` === base);
	if (label !== "le") {
		return valuesOf(label, known?.labels?.[label] ?? { atMost: 100 }, set);
	}
	const bounds = known?.buckets ?? bucketsOfSpans;
	return [...bounds.map(String), "+Inf"];
}

/** Edge functions count together; backends and the monitor have an instance each. */
function sendersOf(labels: NonNullable<Metric["labels"]>): Labels[] {
	const environment = { deployment_environment_name: "production" };
	if ("function" in labels) return [{ ...environment, job: "edge" }];
	if ("endpoint" in labels) {
		return services.flatMap((job) =>
			instances.map((instance) => ({ ...environment, job, instance })),
		);
	}
	return [{ ...environment, job: "monitor", instance: "one" }];
}

function valuesOf(
	label: string,
	bound: LabelBound,
	set: Labels,
): readonly string[] {
	if (label === "component") return componentsOf(set.group);
	// Of operations, which succeed or not; requests have any.
	if (label === "status" && !("atMost" in bound)) return bound;
	if (label === "status_class") return [`${set.status?.[0]}xx`];
	const given = values[label];
	if (given !== undefined) return given;
	return "atMost" in bound
		? numbered(label, Math.min(bound.atMost, few))
		: bound;
}

/** Each function is a component; the other groups have a few. */
function componentsOf(group = "one"): readonly string[] {
	return group === "edge_functions" ? functions : numbered(group, few);
}

function numbered(name: string, count: number): string[] {
	return Array.from({ length: count }, (_, index) => `${name}_${index}`);
}

function histogram(
	name: string,
	labels: Labels,
	bounds: readonly number[],
): MadeSeries[] {
	const buckets = [...bounds.map(String), "+Inf"].map((le, index) => ({
		name: `${name}_bucket`,
		labels: { ...labels, le },
		rise: (index + 1) / (bounds.length + 1),
	}));
	return [
		...buckets,
		{ name: `${name}_count`, labels, rise: 1 },
		{ name: `${name}_sum`, labels, rise: 0.1 },
	];
}
