// The work of a server span with the OpenTelemetry API, as much as the library does: the caller's trace
// continued, the same attributes, and the trace's id in the answer's headers.
import { answer } from "./server.mjs";

const fromHeaders = {
	get: (headers, key) => headers.get(key) ?? undefined,
	keys: (headers) => [...headers.keys()],
};
let cold = true;

/** A handler in a span. What it took is told to `measure`, in milliseconds. */
export function traced({ context, propagation, trace }, measure = () => {}) {
	const tracer = trace.getTracer("bench");
	return (request) => {
		const start = performance.now();
		const url = new URL(request.url);
		const attributes = {
			"http.request.method": request.method,
			"url.scheme": url.protocol.slice(0, -1),
			"url.path": url.pathname,
			"faas.trigger": "http",
			"faas.coldstart": cold,
			"faas.invocation_id":
				request.headers.get("x-request-id") ?? crypto.randomUUID(),
		};
		cold = false;
		const parent = propagation.extract(
			context.active(),
			request.headers,
			fromHeaders,
		);
		return tracer.startActiveSpan(
			`${request.method} bench`,
			{ kind: 1, attributes },
			parent,
			async (span) => {
				const response = await answer();
				const { traceId, spanId, traceFlags } = span.spanContext();
				const id = `00-${traceId}-${spanId}-0${traceFlags}`;
				response.headers.set("traceresponse", id);
				response.headers.append("server-timing", `traceparent;desc="${id}"`);
				span.setAttribute("http.response.status_code", response.status);
				measure(request, response, performance.now() - start);
				span.end();
				return response;
			},
		);
	};
}
