import {
	context,
	diag,
	type Meter,
	metrics,
	propagation,
	trace,
} from "@opentelemetry/api";
import { getStringFromEnv } from "@opentelemetry/core";
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
	type MetricProducer,
	type ViewOptions,
} from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";
import type { Logger } from "pino";
import type { CollectorWatch } from "./collector-watch.ts";
import { routeDiagnostics } from "./diagnostics.ts";
import { hostNameDetector } from "./host-name.ts";
import { renderPrometheus } from "./prometheus.ts";
import { pushReaders, pushSpanExporter } from "./push.ts";
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
		// Each sample of the event loop wakes the process; at the default of 10 ms that costs more than all collectors.
		new RuntimeNodeInstrumentation({ monitoringPrecision: 1000 }),
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
	const traceExporter = await pushSpanExporter(options);
	const sdk = new NodeSDK({
		resource: monitorResource(options.identity),
		...(getStringFromEnv("OTEL_NODE_RESOURCE_DETECTORS")
			? {}
			: {
					resourceDetectors: [
						hostDetector,
						hostNameDetector,
						osDetector,
						envDetector,
					],
				}),
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
			// Without an exporter no one else waits for them, and the SDK complains at each scrape.
			await resourceMetrics.resource.waitForAsyncAttributes?.();
			return renderPrometheus(resourceMetrics);
		},
		async stop() {
			for (const instrumentation of instrumentations) instrumentation.disable();
			// A collector that is away at the end is told of by the watch; all else has to be closed all the same.
			await sdk.shutdown().catch((error: unknown) => {
				options.log.debug(`not all could be sent: ${String(error)}`);
			});
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
