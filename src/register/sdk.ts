import { diag, ProxyTracerProvider, trace } from "@opentelemetry/api";
import { getStringFromEnv } from "@opentelemetry/core";
import {
	defaultResource,
	envDetector,
	hostDetector,
	osDetector,
	type Resource,
	resourceFromAttributes,
	serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import type { ViewOptions } from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";
import {
	ATTR_DB_OPERATION_NAME,
	ATTR_SERVICE_NAME,
	ATTR_SERVICE_VERSION,
	METRIC_DB_CLIENT_OPERATION_DURATION,
} from "@opentelemetry/semantic-conventions";
import { ATTR_DEPLOYMENT_ENVIRONMENT_NAME } from "@opentelemetry/semantic-conventions/incubating";
import { CollectorWatch } from "../telemetry/collector-watch.ts";
import { routeDiagnostics } from "../telemetry/diagnostics.ts";
import { otlpEndpoint } from "../telemetry/exporters.ts";
import { pushReaders, pushSpanExporter } from "../telemetry/push.ts";
import type { RegisterLog } from "./log.ts";
import { keepPrivate } from "./private-spans.ts";
import type { Service } from "./service.ts";
import { operationOf } from "./sql.ts";

/** Seconds between two exports of metrics; the monitor's default, and what the dashboards expect. */
const interval = 15;

/**
 * Starts the SDK by the standard `OTEL_*` variables.
 * @returns a function that sends what there is, and never rejects
 */
export async function startSdk(
	service: Service,
	log: RegisterLog,
): Promise<() => Promise<void>> {
	routeDiagnostics(log);
	const push = { interval, log, watch: collectorWatch(log) };
	const metricReaders = await pushReaders(push);
	const exporter = await pushSpanExporter(push);
	diag.disable(); // With OTEL_LOG_LEVEL the SDK takes its own log, and complains of another; ours comes back after it.
	const sdk = new NodeSDK({
		resource: resourceOf(service),
		...(getStringFromEnv("OTEL_NODE_RESOURCE_DETECTORS")
			? {}
			: {
					resourceDetectors: [
						serviceInstanceIdDetector,
						hostDetector,
						osDetector,
						envDetector,
					],
				}),
		metricReaders,
		...(exporter
			? { traceExporter: keepPrivate(exporter) }
			: { spanProcessors: [] }),
		logRecordProcessors: [],
		views: [oneWordOperations],
	});
	routeDiagnostics(log);
	sdk.start();
	return async () => {
		await Promise.allSettled([
			flushSpans(),
			...metricReaders.map((reader) => reader.forceFlush()),
		]);
	};
}

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win over it. */
function resourceOf({ name, version }: Service): Resource {
	const deployment = process.env.ENVIRONMENT;
	return defaultResource().merge(
		resourceFromAttributes({
			...(name && { [ATTR_SERVICE_NAME]: name }),
			...(version && { [ATTR_SERVICE_VERSION]: version }),
			...(deployment && { [ATTR_DEPLOYMENT_ENVIRONMENT_NAME]: deployment }),
		}),
	);
}

function collectorWatch(log: RegisterLog): CollectorWatch {
	return new CollectorWatch({
		attempt: () => {},
		away: (signal, reason) =>
			log.warn(
				`the OpenTelemetry collector at ${otlpEndpoint(signal)} does not take ${signal} (${reason}); it is tried again at every interval`,
			),
		back: () => log.info("the OpenTelemetry collector is back"),
	});
}

/** instrumentation-pg takes for the operation what stands before the first blank, which may be half the statement. */
const oneWordOperations: ViewOptions = {
	instrumentName: METRIC_DB_CLIENT_OPERATION_DURATION,
	attributesProcessors: [
		{
			process({ [ATTR_DB_OPERATION_NAME]: given, ...attributes }) {
				const operation = operationOf(String(given ?? ""));
				return operation === undefined
					? attributes
					: { ...attributes, [ATTR_DB_OPERATION_NAME]: operation };
			},
		},
	],
};

async function flushSpans(): Promise<void> {
	const proxy = trace.getTracerProvider();
	const provider: unknown =
		proxy instanceof ProxyTracerProvider ? proxy.getDelegate() : proxy;
	if (!canFlush(provider)) return;
	await provider.forceFlush();
}

function canFlush(value: unknown): value is { forceFlush(): Promise<void> } {
	return typeof value === "object" && value !== null && "forceFlush" in value;
}
