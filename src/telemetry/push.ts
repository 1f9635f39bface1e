import { getNumberFromEnv } from "@opentelemetry/core";
import {
	type MetricProducer,
	PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { CollectorWatch } from "./collector-watch.ts";
import { exporterNames, metricExporter, spanExporter } from "./exporters.ts";

export interface PushOptions {
	/** Seconds between two exports of metrics, unless `OTEL_METRIC_EXPORT_INTERVAL` says. */
	readonly interval: number;
	/** Readings that are exported beside what instruments record. */
	readonly producer?: MetricProducer;
	readonly watch: CollectorWatch;
	readonly log: { warn(message: string): void };
}

/** Readers that send the metrics where the `OTEL_*` variables say. */
export async function pushReaders(
	options: PushOptions,
): Promise<PeriodicExportingMetricReader[]> {
	const interval =
		getNumberFromEnv("OTEL_METRIC_EXPORT_INTERVAL") ?? options.interval * 1000;
	const timeout = getNumberFromEnv("OTEL_METRIC_EXPORT_TIMEOUT") ?? 30_000;
	const readers: PeriodicExportingMetricReader[] = [];
	for (const name of exporterNames("metrics")) {
		const exporter = await metricExporter(name, interval);
		if (exporter === undefined) {
			options.log.warn(unknownExporter("OTEL_METRICS_EXPORTER", name));
			continue;
		}
		options.watch.observe("metrics", exporter);
		readers.push(
			new PeriodicExportingMetricReader({
				exporter,
				exportIntervalMillis: interval,
				exportTimeoutMillis: Math.min(timeout, interval),
				metricProducers: options.producer ? [options.producer] : [],
			}),
		);
	}
	return readers;
}

/** The exporter that sends the spans where the `OTEL_*` variables say; `undefined` if nowhere. */
export async function pushSpanExporter(
	options: PushOptions,
): Promise<SpanExporter | undefined> {
	const exporters: SpanExporter[] = [];
	for (const name of exporterNames("traces")) {
		const exporter = await spanExporter(name);
		if (exporter === undefined) {
			options.log.warn(unknownExporter("OTEL_TRACES_EXPORTER", name));
			continue;
		}
		options.watch.observe("traces", exporter);
		exporters.push(exporter);
	}
	if (exporters.length > 1) {
		options.log.warn("OTEL_TRACES_EXPORTER names several; the first is taken");
	}
	return exporters[0];
}

function unknownExporter(variable: string, name: string): string {
	return `${variable}: "${name}" is not one of otlp, console, none`;
}
