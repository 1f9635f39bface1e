// The same function, where the runtime has an OpenTelemetry of its own, with another endpoint than the library's.
process.env.OTEL_EXPORTER_OTLP_ENDPOINT = process.env.LIBRARY_ENDPOINT;
await import("./function.ts");
