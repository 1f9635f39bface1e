import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { Signal } from "./collector-watch.ts";

// The standard's default of 10 s would outlast the time that a stop may take.
const defaultTimeout = 3000;

/**
 * Where a signal goes, by `OTEL_METRICS_EXPORTER` or `OTEL_TRACES_EXPORTER`; without it to OTLP if an endpoint is set.
 * `prometheus` is served in any case.
 */
export function exporterNames(signal: Signal): string[] {
	const named = variable(`OTEL_${signal.toUpperCase()}_EXPORTER`);
	const names = named?.split(",") ?? (hasEndpoint(signal) ? ["otlp"] : []);
	return names
		.map((name) => name.trim())
		.filter((name) => !["", "none", "prometheus"].includes(name));
}

/** The OTLP endpoint of a signal, as its variables name it. */
export function otlpEndpoint(signal: Signal): string {
	return (
		signalVariable(signal, "ENDPOINT") ?? "the collector's default address"
	);
}

/** @param interval milliseconds between two exports; what takes longer than half of it leaves the process no pause */
export async function metricExporter(
	name: string,
	interval: number,
): Promise<PushMetricExporter | undefined> {
	if (name === "console") {
		const { ConsoleMetricExporter } = await import(
			"@opentelemetry/sdk-metrics"
		);
		return new ConsoleMetricExporter();
	}
	if (name !== "otlp") return undefined;
	const { OTLPMetricExporter } = await metricExporterModule();
	return new OTLPMetricExporter(timeoutFor("metrics", interval / 2));
}

export async function spanExporter(
	name: string,
): Promise<SpanExporter | undefined> {
	if (name === "console") {
		const { ConsoleSpanExporter } = await import("@opentelemetry/sdk-trace");
		return new ConsoleSpanExporter();
	}
	if (name !== "otlp") return undefined;
	const { OTLPTraceExporter } = await spanExporterModule();
	return new OTLPTraceExporter(timeoutFor("traces"));
}

// Only the protocol in use is loaded: gRPC alone costs 15 MB.
function metricExporterModule() {
	switch (protocol("metrics")) {
		case "grpc":
			return import("@opentelemetry/exporter-metrics-otlp-grpc");
		case "http/json":
			return import("@opentelemetry/exporter-metrics-otlp-http");
		default:
			return import("@opentelemetry/exporter-metrics-otlp-proto");
	}
}

function spanExporterModule() {
	switch (protocol("traces")) {
		case "grpc":
			return import("@opentelemetry/exporter-trace-otlp-grpc");
		case "http/json":
			return import("@opentelemetry/exporter-trace-otlp-http");
		default:
			return import("@opentelemetry/exporter-trace-otlp-proto");
	}
}

function protocol(signal: Signal): string {
	return signalVariable(signal, "PROTOCOL") ?? "http/protobuf";
}

function hasEndpoint(signal: Signal): boolean {
	return signalVariable(signal, "ENDPOINT") !== undefined;
}

function timeoutFor(
	signal: Signal,
	most = defaultTimeout,
): { timeoutMillis?: number } {
	return signalVariable(signal, "TIMEOUT") === undefined
		? { timeoutMillis: Math.min(defaultTimeout, most) }
		: {};
}

function signalVariable(signal: Signal, suffix: string): string | undefined {
	return (
		variable(`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${suffix}`) ??
		variable(`OTEL_EXPORTER_OTLP_${suffix}`)
	);
}

// Not read by the SDK, which takes 35 ms to load where nothing is to be exported.
function variable(name: string): string | undefined {
	return process.env[name]?.trim() || undefined;
}
