import { currentPlace } from "./context.ts";
import { errorType } from "./errors.ts";
import { hostSpan } from "./host-tracing.ts";
import { isolate } from "./isolate.ts";
import { runUnder, startSpan } from "./operation.ts";
import { knownMethod, redactPath } from "./redact.ts";
import { property, textOf } from "./runtime.ts";
import { client, type Span } from "./span.ts";
import { formatTraceparent } from "./trace-context.ts";

type FetchArguments = Parameters<typeof fetch>;

let tracing = false;

/** From now on, every `fetch` inside a request is a span, and tells our own hosts about it. */
export function traceFetch(): void {
	if (tracing) return;
	tracing = true;
	const { fetch: original } = isolate();
	globalThis.fetch = function fetch(...args: FetchArguments) {
		const scope = currentPlace()?.scope;
		const url = scope && targetOf(args[0]);
		// Where the host traces, it makes the span and sends the header itself.
		if (!url || hostSpan()) return original(...args);
		return observe(scope.functionName, original, url, args);
	};
}

function targetOf(input: FetchArguments[0]): URL | undefined {
	const url = URL.parse(textOf(property(input, "url") ?? input));
	return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

async function observe(
	functionName: string,
	original: typeof fetch,
	url: URL,
	args: FetchArguments,
): Promise<Response> {
	const method = methodOf(args);
	const span = startSpan(method, client);
	span.set({
		"http.request.method": method,
		"server.address": url.hostname,
		"server.port": Number(url.port) || (url.protocol === "https:" ? 443 : 80),
		"url.full": url.origin + redactPath(url.pathname),
	});
	try {
		const asked = isOurs(url) ? withTrace(args, span) : args;
		const response = await runUnder(span, () => original(...asked));
		span.set({ "http.response.status_code": response.status });
		if (response.status >= 400) span.fail(String(response.status));
		return response;
	} catch (thrown) {
		span.fail(errorType(thrown), thrown);
		throw thrown;
	} finally {
		isolate().end(functionName, span);
	}
}

function methodOf([input, init]: FetchArguments): string {
	const given = init?.method ?? property(input, "method") ?? "GET";
	return knownMethod(textOf(given).toUpperCase());
}

/** Whether the trace may go there: to the Supabase project and the backends that were named. */
function isOurs({ host, hostname }: URL): boolean {
	return isolate().settings.traceHosts.some((ours) =>
		ours.startsWith("*.")
			? hostname.endsWith(ours.slice(1))
			: ours === host || ours === hostname,
	);
}

/** The same request with the trace's headers, unless it has its own. */
function withTrace(args: FetchArguments, { context }: Span): FetchArguments {
	const [input, init] = args;
	const given =
		init?.headers ?? (input instanceof Request ? input.headers : undefined);
	try {
		const headers = new Headers(given);
		if (headers.has("traceparent")) return args;
		headers.set("traceparent", formatTraceparent(context));
		if (context.state) headers.set("tracestate", context.state);
		// Not a copy: what is given may be a Request, which has its properties from its class.
		const get = (of: object, key: PropertyKey) =>
			key === "headers" ? headers : Reflect.get(of, key);
		return [input, new Proxy(init ?? {}, { get })];
	} catch {
		// Wrong headers: fetch says so itself.
		return args;
	}
}
