import {
	context,
	DiagLogLevel,
	diag,
	type Meter,
	metrics,
	propagation,
	trace,
} from "@opentelemetry/api";
import {
	diagLogLevelFromString,
	getNumberFromEnv,
	getStringFromEnv,
	setGlobalErrorHandler,
} from "@opentelemetry/core";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { HostMetricsInstrumentation } from "@opentelemetry/instrumentation-host-metrics";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { RuntimeNodeInstrumentation } from "@opentelemetry/instrumentation-runtime-node";
import {
	envDetector,
	hostDetector,
	osDetector,
} from "@opentelemetry/resources";
import {
	AggregationType,
	type IMetricReader,
	type MetricProducer,
	PeriodicExportingMetricReader,
	type ViewOptions,
} from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { Logger } from "pino";
import type { CollectorWatch } from "./collector-watch.ts";
import { exporterNames, metricExporter, spanExporter } from "./exporters.ts";
import { renderPrometheus } from "./prometheus.ts";
import { type Identity, monitorResource } from "./resource.ts";

export interface TelemetryOptions {
	readonly identity: Identity;
	/** Readings that are exported beside what instruments record. */
	readonly producer: MetricProducer;
	/** Seconds between two exports of metrics, unless `OTEL_METRIC_EXPORT_INTERVAL` says. */
	readonly interval: number;
	readonly watch: CollectorWatch;
	readonly log: Logger;
}

/** The OpenTelemetry SDK as this process runs it: one at a time, since its API is global. */
export interface Telemetry {
	readonly meter: Meter;
	/** All metrics, in Prometheus' text format. */
	renderMetrics(): Promise<string>;
	/** Sends what is left, and lets go of everything. */
	stop(): Promise<void>;
}

/** Starts the SDK by the standard `OTEL_*` variables. */
export async function startTelemetry(
	options: TelemetryOptions,
): Promise<Telemetry> {
	const pull = new PrometheusExporter({
		preventServerStart: true,
		metricProducers: [options.producer],
	});
	const instrumentations = [
		new PgInstrumentation({ requireParentSpan: true }),
		new RuntimeNodeInstrumentation(),
		// Not its network group: a device that is gone would stay in it with its last values.
		new HostMetricsInstrumentation({
			metricGroups: [
				"system.cpu",
				"system.memory",
				"process.cpu",
				"process.memory",
			],
		}),
	];
	const [traceExporter, ...unused] = await spanExporters(options);
	if (unused.length > 0) {
		options.log.warn("OTEL_TRACES_EXPORTER names several; the first is taken");
	}
	const sdk = new NodeSDK({
		resource: monitorResource(options.identity),
		...(getStringFromEnv("OTEL_NODE_RESOURCE_DETECTORS")
			? {}
			: { resourceDetectors: [hostDetector, osDetector, envDetector] }),
		metricReaders: [pull, ...(await pushReaders(options))],
		...(traceExporter ? { traceExporter } : { spanProcessors: [] }),
		logRecordProcessors: [],
		views: [sharedReadings],
		instrumentations,
	});
	routeDiagnostics(options.log);
	sdk.start();

	return {
		meter: metrics.getMeter(
			"adult-matching-monitoring",
			options.identity.version,
		),
		async renderMetrics() {
			const { resourceMetrics, errors } = await pull.collect();
			for (const error of errors) options.log.error(String(error));
			return renderPrometheus(resourceMetrics);
		},
		async stop() {
			for (const instrumentation of instrumentations) instrumentation.disable();
			await sdk.shutdown();
			for (const api of [trace, metrics, context, propagation, diag]) {
				api.disable();
			}
		},
	};
}

/** Utilization is kept since the last read by anyone: with two readers each would see a part of the time. */
const sharedReadings: ViewOptions = {
	instrumentName: "*.utilization",
	meterName: "@opentelemetry/instrumentation-host-metrics",
	aggregation: { type: AggregationType.DROP },
};

async function pushReaders(
	options: TelemetryOptions,
): Promise<IMetricReader[]> {
	const interval =
		getNumberFromEnv("OTEL_METRIC_EXPORT_INTERVAL") ?? options.interval * 1000;
	const timeout = getNumberFromEnv("OTEL_METRIC_EXPORT_TIMEOUT") ?? 30_000;
	const readers: IMetricReader[] = [];
	for (const name of exporterNames("metrics")) {
		const exporter = await metricExporter(name);
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
				metricProducers: [options.producer],
			}),
		);
	}
	return readers;
}

async function spanExporters(
	options: TelemetryOptions,
): Promise<SpanExporter[]> {
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
	return exporters;
}

function unknownExporter(variable: string, name: string): string {
	return `${variable}: "${name}" is not one of otlp, console, none`;
}

/** The SDK's own messages go to our log; failed exports don't, for the watch tells of those. */
function routeDiagnostics(log: Logger): void {
	const level = diagLogLevelFromString(getStringFromEnv("OTEL_LOG_LEVEL"));
	diag.setLogger(
		{
			error: (message) => log.error(message),
			warn: (message) => log.warn(message),
			info: (message) => log.info(message),
			debug: (message) => log.debug(message),
			verbose: (message) => log.trace(message),
		},
		{
			logLevel: level ?? DiagLogLevel.WARN,
			suppressOverrideMessage: true,
		},
	);
	setGlobalErrorHandler((error) =>
		log.debug(error instanceof Error ? error.message : String(error)),
	);
}
