import { parseTraceContext, type TraceContext } from "./trace-context.ts";

// The tracing that the runtime itself does, Deno's with OTEL_DENO or an OpenTelemetry SDK on Node,
// reached at the places that it has agreed on with @opentelemetry/api 1.x, without that package.
const apiKey = Symbol.for("opentelemetry.js.api.1");
const spanKey = Symbol.for("OpenTelemetry Context Key SPAN");
const suppressKey = Symbol.for(
	"OpenTelemetry SDK Context Key SUPPRESS_TRACING",
);

interface HostSpan {
	spanContext(): {
		readonly traceId: string;
		readonly spanId: string;
		readonly traceFlags: number;
	};
}

interface HostContext {
	getValue(key: symbol): HostSpan | undefined;
	setValue(key: symbol, value: unknown): HostContext;
}

interface HostContextManager {
	active(): HostContext;
	with<T>(context: HostContext, work: () => T): T;
}

function contextManager(): HostContextManager | undefined {
	return Reflect.get(globalThis, apiKey)?.context;
}

/** The host's active span, or `undefined` where the host doesn't trace. */
export function hostSpan(): TraceContext | undefined {
	const span = contextManager()?.active().getValue(spanKey)?.spanContext();
	if (!span) return undefined;
	const { traceId, spanId, traceFlags } = span;
	const header = `00-${traceId}-${spanId}-0${traceFlags}`;
	return parseTraceContext(header, null);
}

/** Runs work outside of the host's trace, and without one where the host can do without. */
export function outsideHost<T>(work: () => T): T {
	const manager = contextManager();
	if (!manager) return work();
	const outside = manager.active().setValue(spanKey, undefined);
	return manager.with(outside.setValue(suppressKey, true), work);
}
