import {
	type Context,
	ROOT_CONTEXT,
	type Span,
	SpanStatusCode,
	TraceFlags,
	trace,
} from "@opentelemetry/api";
import { ATTR_ERROR_TYPE } from "@opentelemetry/semantic-conventions";
import type { StepError } from "./step-error.ts";

/** Begins a trace of its own, without a parent, or a span beneath one. */
export function startSpan(name: string, parent?: Context): Span {
	const tracer = trace.getTracer("adult-matching-monitoring");
	return tracer.startSpan(name, { root: parent === undefined }, parent);
}

/** What spans beneath this one have for a parent. */
export function contextOf(span: Span): Context {
	return trace.setSpan(ROOT_CONTEXT, span);
}

export function markFailed(span: Span, reason: string, cause: StepError): void {
	span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
	span.setAttribute(ATTR_ERROR_TYPE, cause.errorType);
}

/** Where the span's trace is found, if it is kept. */
export function traceIdOf(span: Span): string | undefined {
	const { traceId, traceFlags } = span.spanContext();
	return (traceFlags & TraceFlags.SAMPLED) === 0 ? undefined : traceId;
}
