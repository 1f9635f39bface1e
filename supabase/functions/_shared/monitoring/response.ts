import { property } from "./runtime.ts";
import { formatTraceparent, type TraceContext } from "./trace-context.ts";

/** When the response will have been sent, as `Deno.serve` tells its handlers; other runtimes don't. */
export function completionOf(info: unknown): Promise<unknown> | undefined {
	const completed = property(info, "completed");
	return completed instanceof Promise ? completed : undefined;
}

/**
 * Calls back when a response's body is at its end, however it came to it, without changing what is sent:
 * gives the response to send. Where the runtime doesn't tell, a body that is known to be a stream is
 * passed through; any other is taken to end at once.
 */
export function watchEnd(
	response: Response,
	completed: Promise<unknown> | undefined,
	end: () => void,
): Response {
	// The very object of a WebSocket's upgrade has to be sent, and its body says nothing of its end.
	if (response.status >= 200 && completed) {
		completed.then(end, end);
		return response;
	}
	const isStream = response.url || streamed.has(response);
	if (isStream && response.body && !response.body.locked) {
		const passed = passThrough(response.body.getReader(), end);
		return new Response(passed, response);
	}
	end();
	return response;
}

/** The same chunks at the same pace: nothing is read before it is asked for. */
function passThrough(
	reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
	end: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
	return new ReadableStream(
		{
			async pull(controller) {
				try {
					const { done, value } = await reader.read();
					if (!done) return controller.enqueue(value);
					controller.close();
				} catch (error) {
					controller.error(error);
				}
				end();
			},
			cancel(reason) {
				end();
				return reader.cancel(reason);
			},
		},
		{ highWaterMark: 0 },
	);
}

const streamed = new WeakSet<object>();
let recognizing = false;

/**
 * From now on, responses that are made of a stream are known as such. Their `body` doesn't tell:
 * it is a stream for a text too, and a text that were passed through would lose its `content-length`.
 */
export function recognizeStreams(): void {
	if (recognizing) return;
	recognizing = true;
	globalThis.Response = new Proxy(Response, {
		construct(target, args, newTarget) {
			const made = Reflect.construct(target, args, newTarget);
			const [body] = args;
			if (property(body, Symbol.asyncIterator)) streamed.add(made);
			return made;
		},
	});
}

/**
 * The response with the trace's id in its headers, where a browser's developer tools show it.
 * Its `body` isn't touched where it needn't be: Deno would send a text in chunks from then on.
 * https://www.w3.org/TR/trace-context-2/#traceresponse-header
 */
export function withTraceHeaders(
	response: Response,
	span: TraceContext,
): Response {
	// The very object of a WebSocket's upgrade has to be returned; nothing can be added to a network error.
	if (response.status < 200) return response;
	const trace = formatTraceparent(span);
	try {
		return addTo(response, trace);
	} catch {
		// Its headers can't be changed: it was fetched, or made by `Response.redirect`.
		return addTo(new Response(response.body, response), trace);
	}
}

function addTo(response: Response, trace: string): Response {
	const { headers } = response;
	const timing = `traceparent;desc="${trace}"`;
	// A response may be a constant, sent many times: it is to have ours once.
	const earlier = headers
		.get("server-timing")
		?.replace(/(, )?traceparent;desc="[^"]*"/, "");
	headers.set("traceresponse", trace);
	headers.set("server-timing", earlier ? `${earlier}, ${timing}` : timing);
	return response;
}
