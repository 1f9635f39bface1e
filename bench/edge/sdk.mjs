import { serve, timed } from "./server.mjs";
import { traced } from "./traced.mjs";

const [
	[
		api,
		{ AsyncLocalStorageContextManager },
		{ TracerProvider, BatchSpanProcessor },
		{ MeterProvider, PeriodicExportingMetricReader },
		{ OTLPTraceExporter },
		{ OTLPMetricExporter },
		{ W3CTraceContextPropagator },
	],
	imported,
] = await timed(() =>
	Promise.all([
		import("@opentelemetry/api"),
		import("@opentelemetry/context-async-hooks"),
		import("@opentelemetry/sdk-trace"),
		import("@opentelemetry/sdk-metrics"),
		import("@opentelemetry/exporter-trace-otlp-http"),
		import("@opentelemetry/exporter-metrics-otlp-http"),
		import("@opentelemetry/core"),
	]),
);
api.context.setGlobalContextManager(
	new AsyncLocalStorageContextManager().enable(),
);
api.propagation.setGlobalPropagator(new W3CTraceContextPropagator());
api.trace.setGlobalTracerProvider(
	new TracerProvider({
		spanProcessors: [
			new BatchSpanProcessor({ exporter: new OTLPTraceExporter() }),
		],
	}),
);
api.metrics.setGlobalMeterProvider(
	new MeterProvider({
		readers: [
			new PeriodicExportingMetricReader({
				exporter: new OTLPMetricExporter(),
				exportIntervalMillis: 1000,
			}),
		],
	}),
);
const meter = api.metrics.getMeter("bench");
const prefix = "adult_matching_edge_";
const requests = meter.createCounter(`${prefix}requests_total`);
const responses = meter.createCounter(`${prefix}responses_total`);
const processing = meter.createHistogram(
	`${prefix}request_processing_duration_ms`,
);
const duration = meter.createHistogram("http.server.request.duration", {
	unit: "s",
});
/** The library's four metrics of a request. */
function measure(request, response, took) {
	const status = String(response.status);
	const own = { function: "bench" };
	requests.add(1, { ...own, status });
	responses.add(1, { ...own, status, status_class: `${status[0]}xx` });
	processing.record(took, own);
	duration.record(took / 1000, {
		"http.request.method": request.method,
		"url.scheme": "http",
		"http.response.status_code": response.status,
		"faas.name": "bench",
	});
}
serve(traced(api, measure), imported);
