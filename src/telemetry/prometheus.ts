import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import {
	DataPointType,
	type MetricData,
	type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";

/** The content type of Prometheus' text format, version 0.0.4. */
export const prometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

const serializer = new PrometheusSerializer("", false, undefined, true, true);

/** Writes metrics in Prometheus' text format, under the names that they get by OTLP as well. */
export function renderPrometheus(metrics: ResourceMetrics): string {
	const named = metrics.scopeMetrics.map((scope) => ({
		...scope,
		metrics: scope.metrics.map((metric) => ({
			...metric,
			descriptor: {
				...metric.descriptor,
				name: prometheusName(metric),
				unit: "", // It is in the name now; the text format has no place for it.
			},
		})),
	}));
	return serializer.serialize({ ...metrics, scopeMetrics: named });
}

/** UCUM units and the words that Prometheus' OTLP receiver puts in their place. */
const unitWords: Readonly<Record<string, string>> = {
	d: "days",
	h: "hours",
	min: "minutes",
	s: "seconds",
	ms: "milliseconds",
	us: "microseconds",
	ns: "nanoseconds",
	By: "bytes",
	KiBy: "kibibytes",
	MiBy: "mebibytes",
	GiBy: "gibibytes",
	Hz: "hertz",
	Cel: "celsius",
	"%": "percent",
};

/**
 * The name that Prometheus' OTLP receiver gives with `UnderscoreEscapingWithSuffixes`: the unit, and `_total` for a
 * counter, become suffixes unless they are there already.
 * Source: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata-1
 */
export function prometheusName(metric: MetricData): string {
	const isCounter =
		metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
	const isGauge = metric.dataPointType === DataPointType.GAUGE;
	const full = metric.descriptor.name.replace(/[^a-zA-Z0-9_:]+/g, "_");
	const name = isCounter ? full.replace(/_total$/, "") : full;
	const word = unitWord(metric.descriptor.unit, isGauge);
	const withUnit =
		word === "" || name.endsWith(`_${word}`) ? name : `${name}_${word}`;
	return isCounter ? `${withUnit}_total` : withUnit;
}

function unitWord(unit: string, isGauge: boolean): string {
	if (unit === "1") return isGauge ? "ratio" : "";
	const [main = "", per] = unit.replace(/\{[^}]*\}/g, "").split("/");
	const words = unitWords[main] ?? main;
	return per ? `${words}_per_${singular(per)}` : words;
}

function singular(unit: string): string {
	return (unitWords[unit] ?? unit).replace(/s$/, "");
}
