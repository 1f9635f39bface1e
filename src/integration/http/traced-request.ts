import {
	type Attributes,
	type Context,
	context,
	propagation,
	ROOT_CONTEXT,
	type Span,
	SpanKind,
	SpanStatusCode,
	TraceFlags,
	trace,
} from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import {
	ATTR_ERROR_TYPE,
	ATTR_HTTP_REQUEST_METHOD,
	ATTR_HTTP_RESPONSE_STATUS_CODE,
	ATTR_SERVER_ADDRESS,
	ATTR_SERVER_PORT,
	ATTR_URL_FULL,
} from "@opentelemetry/semantic-conventions";
import { ATTR_SERVER_SERVICE_NAME } from "@opentelemetry/semantic-conventions/incubating";
import type { HttpRequest, HttpResult } from "./exchange.ts";
import { request } from "./request.ts";

export interface NamedRequest extends HttpRequest {
	/** Who is asked. In the service graph, one that sends no spans has this name; without it, that of its host. */
	readonly service?: string;
}

export interface TracedResult {
	readonly result: HttpResult;
	/** Where the trace of the request is found, if traces are kept. */
	readonly traceId?: string | undefined;
}

/**
 * Sends a request as a span that its server can continue.
 * @param name the span's
 * @param parent what the span is a part of; without one it is the root of a trace
 */
export async function tracedRequest(
	name: string,
	options: NamedRequest,
	parent: Context | undefined,
	signal: AbortSignal,
): Promise<TracedResult> {
	const tracer = trace.getTracer("adult-matching-monitoring");
	const span = tracer.startSpan(
		name,
		{ kind: SpanKind.CLIENT, attributes: attributesOf(options) },
		parent ?? ROOT_CONTEXT,
	);
	const inside = trace.setSpan(parent ?? ROOT_CONTEXT, span);
	const headers: Record<string, string> = {};
	propagation.inject(inside, headers);
	// Instrumentation of HTTP, sockets or DNS would make spans of what this one tells.
	const result = await context.with(suppressTracing(inside), () =>
		request(options, headers, signal, (phase) => span.addEvent(`${phase} end`)),
	);
	conclude(span, result);
	const { traceId, traceFlags } = span.spanContext();
	const isKept = (traceFlags & TraceFlags.SAMPLED) !== 0;
	return { result, traceId: isKept ? traceId : undefined };
}

/** Without the credentials and the query of the URL. */
function attributesOf({ url, method, service }: NamedRequest): Attributes {
	const known = {
		[ATTR_HTTP_REQUEST_METHOD]: method,
		[ATTR_SERVER_SERVICE_NAME]: service,
	};
	const target = URL.parse(url);
	if (!target) return known;
	const { origin, pathname, port, protocol } = target;
	return {
		...known,
		[ATTR_URL_FULL]: `${origin}${pathname}`,
		[ATTR_SERVER_ADDRESS]: target.hostname.replace(/^\[|\]$/g, ""),
		[ATTR_SERVER_PORT]: Number(port) || (protocol === "https:" ? 443 : 80),
	};
}

function conclude(span: Span, result: HttpResult): void {
	if (result.kind === "failure") {
		span.setAttribute(ATTR_ERROR_TYPE, result.errorType);
		span.setStatus({ code: SpanStatusCode.ERROR, message: result.reason });
	} else {
		span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, result.status);
		if (result.status >= 400) {
			span.setAttribute(ATTR_ERROR_TYPE, String(result.status));
			span.setStatus({ code: SpanStatusCode.ERROR });
		}
	}
	span.end();
}
