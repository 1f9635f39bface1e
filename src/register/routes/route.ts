import { context } from "@opentelemetry/api";
import { getRPCMetadata, RPCType } from "@opentelemetry/core";

/** The endpoint of requests that no route answered: a raw path would make a series a visitor. */
export const unmatched = "unmatched";

/** Names the route that the request in the current context goes to: a template such as `/users/:id`. */
export function nameRoute(template: string): void {
	const request = getRPCMetadata(context.active());
	if (request?.type === RPCType.HTTP) request.route = template;
}

/** The route that was named for the request in the current context. */
export function namedRoute(): string | undefined {
	return getRPCMetadata(context.active())?.route;
}
