import { answer, serve, timed } from "./server.mjs";

const [
	[
		{ context, metrics, trace },
		{ AsyncLocalStorageContextManager },
		{ TracerProvider, BatchSpanProcessor },
		{ MeterProvider, PeriodicExportingMetricReader },
		{ OTLPTraceExporter },
		{ OTLPMetricExporter },
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
	]),
);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(
	new TracerProvider({
		spanProcessors: [
			new BatchSpanProcessor({ exporter: new OTLPTraceExporter() }),
		],
	}),
);
metrics.setGlobalMeterProvider(
	new MeterProvider({
		readers: [
			new PeriodicExportingMetricReader({
				exporter: new OTLPMetricExporter(),
				exportIntervalMillis: 1000,
			}),
		],
	}),
);
const tracer = trace.getTracer("bench");
const meter = metrics.getMeter("bench");
const duration = meter.createHistogram("http.server.request.duration", {
	unit: "s",
});
const requests = meter.createCounter("requests_total");
serve(
	(request) =>
		tracer.startActiveSpan(
			"GET bench",
			{ kind: 1, attributes: { "http.request.method": request.method } },
			async (span) => {
				const start = performance.now();
				const response = answer();
				span.setAttribute("http.response.status_code", response.status);
				requests.add(1, { status: "200" });
				duration.record((performance.now() - start) / 1000, {
					"http.request.method": "GET",
				});
				span.end();
				return response;
			},
		),
	imported,
);
