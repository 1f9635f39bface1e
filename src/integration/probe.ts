import {
	context,
	propagation,
	type Span,
	SpanKind,
	SpanStatusCode,
	TraceFlags,
	trace,
} from "@opentelemetry/api";
import {
	ATTR_HTTP_REQUEST_METHOD,
	ATTR_HTTP_RESPONSE_STATUS_CODE,
	ATTR_SERVER_ADDRESS,
	ATTR_SERVER_PORT,
	ATTR_URL_FULL,
} from "@opentelemetry/semantic-conventions";
import type { Answer } from "./state.ts";

/** Seconds that a probe may take. */
const timeLimit = 10;
/** Bytes of an answer that are read at most. */
const bodyLimit = 1024 * 1024;

export interface Probed {
	readonly answer: Answer;
	/** Seconds. */
	readonly duration: number;
	/** Where the trace of this probe is found, if traces are kept. */
	readonly traceId?: string | undefined;
}

/** Asks a component, in a trace of its own that the component can continue. */
export async function probe(
	name: string,
	url: string,
	signal: AbortSignal,
): Promise<Probed> {
	const tracer = trace.getTracer("adult-matching-monitoring");
	const target = new URL(url);
	const { hostname, port, protocol, origin, pathname } = target;
	const span = tracer.startSpan(`probe ${name}`, {
		kind: SpanKind.CLIENT,
		root: true,
		attributes: {
			[ATTR_HTTP_REQUEST_METHOD]: "GET",
			[ATTR_URL_FULL]: `${origin}${pathname}`,
			[ATTR_SERVER_ADDRESS]: hostname,
			[ATTR_SERVER_PORT]: Number(port) || (protocol === "https:" ? 443 : 80),
		},
	});
	const start = performance.now();
	const answer = await ask(target, headersFor(target, span), signal);
	const duration = (performance.now() - start) / 1000;
	if (answer.kind === "answer") {
		span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, answer.status);
	} else {
		span.setStatus({ code: SpanStatusCode.ERROR, message: answer.reason });
	}
	span.end();
	const { traceId, traceFlags } = span.spanContext();
	const isKept = (traceFlags & TraceFlags.SAMPLED) !== 0;
	return { answer, duration, traceId: isKept ? traceId : undefined };
}

/** The trace's headers, and the credentials that a URL may have but fetch does not take in one. */
function headersFor(target: URL, span: Span): Record<string, string> {
	const headers: Record<string, string> = {};
	propagation.inject(trace.setSpan(context.active(), span), headers);
	if (target.username === "" && target.password === "") return headers;
	const [user, password] = [target.username, target.password].map(
		decodeURIComponent,
	);
	const credentials = Buffer.from(`${user}:${password}`).toString("base64");
	return { ...headers, Authorization: `Basic ${credentials}` };
}

async function ask(
	target: URL,
	headers: Record<string, string>,
	stopped: AbortSignal,
): Promise<Answer> {
	const timeout = AbortSignal.timeout(timeLimit * 1000);
	try {
		const address = new URL(target);
		address.username = "";
		address.password = "";
		const response = await fetch(address, {
			headers,
			signal: AbortSignal.any([timeout, stopped]),
		});
		return {
			kind: "answer",
			status: response.status,
			body: await readBody(response),
		};
	} catch (error) {
		const reason = timeout.aborted
			? `did not answer within ${timeLimit} s`
			: `could not be asked (${causeOf(error)})`;
		return { kind: "failure", reason };
	}
}

async function readBody(response: Response): Promise<string> {
	const decoder = new TextDecoder();
	let text = "";
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.length;
		if (size > bodyLimit) throw new Error("its answer is longer than 1 MiB");
		text += decoder.decode(chunk, { stream: true });
	}
	return text + decoder.decode();
}

/** fetch hides the reason of a failure in its cause: ECONNREFUSED, ENOTFOUND, … */
function causeOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const { cause } = error;
	if (cause instanceof Error) {
		return "code" in cause ? String(cause.code) : cause.message;
	}
	return error.message;
}
