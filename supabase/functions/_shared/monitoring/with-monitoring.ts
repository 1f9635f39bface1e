import { prepareContext } from "./context.ts";
import { quietly } from "./errors.ts";
import { traceFetch } from "./outgoing-fetch.ts";
import { completionOf } from "./response.ts";
import { serveRequest } from "./server-request.ts";

/** A handler of requests, with whatever else its server gives it: `info` of `Deno.serve`, a context. */
export type Handler<Rest extends unknown[]> = (
	request: Request,
	...rest: Rest
) => Response | Promise<Response>;

/** The monitored handler. It is its own `fetch` too, so that `deno serve` and Supabase take it as default export. */
export interface MonitoredHandler<Rest extends unknown[]> {
	(request: Request, ...rest: Rest): Promise<Response>;
	readonly fetch: (request: Request, ...rest: Rest) => Promise<Response>;
}

/**
 * Monitors a function's handler: a span, metrics and a log line a request. The client gets the handler's
 * answer unchanged, but for the headers `server-timing` and `traceresponse`; what it throws is thrown on.
 * @param name the function's name, as in its URL
 */
export function withMonitoring(
	name: string,
): <Rest extends unknown[]>(handler: Handler<Rest>) => MonitoredHandler<Rest> {
	return <Rest extends unknown[]>(handler: Handler<Rest>) => {
		quietly(traceFetch);
		prepareContext();
		function monitored(
			this: unknown,
			...args: [request: Request, ...rest: Rest]
		): Promise<Response> {
			const [request, info] = args;
			return serveRequest(name, request, completionOf(info), () =>
				handler.apply(this, args),
			);
		}
		// Deno counts a handler's parameters, and passes no more than that.
		const length = Math.max(2, handler.length);
		Object.defineProperty(monitored, "length", { value: length });
		return Object.assign(monitored, { fetch: monitored });
	};
}
