import type { AsyncLocalStorage } from "node:async_hooks";
import { redacted } from "./redact.ts";
import { textOf } from "./runtime.ts";
import type { Clock } from "./span.ts";
import type { TraceContext } from "./trace-context.ts";

/** What belongs to one request, wherever in its asynchronous work it is asked for. */
export interface RequestScope {
	readonly functionName: string;
	readonly request: Request;
	readonly requestId: string;
	readonly clock: Clock;
	userId?: string | undefined;
	/** The answer that was counted. */
	counted?: Response;
	/** Whether an error of it was counted. */
	failed?: boolean;
	/** Whether what comes now comes too late for the request's own flush. */
	over?: boolean;
}

/** Where in a request the running code is. */
export interface Place {
	readonly scope: RequestScope;
	/** The span that a new one would be a child of. */
	readonly span: TraceContext;
}

let places: AsyncLocalStorage<Place> | undefined;
let loading: Promise<void> | undefined;

/** Makes ready what carries the place along. Not when this is imported: on Deno it takes longer than all the rest. */
export function prepareContext(): Promise<void> | undefined {
	if (places) return undefined;
	loading ??= import("node:async_hooks").then(
		({ AsyncLocalStorage }) => {
			places = new AsyncLocalStorage();
		},
		() => {},
	);
	return loading;
}

/** Where the running code is; not known outside of requests. */
export function currentPlace(): Place | undefined {
	return places?.getStore();
}

/** Anything as text without the id of the user whose request this is: for all that leaves the isolate. */
export function withoutUser(value: unknown): string {
	const text = textOf(value);
	const id = currentPlace()?.scope.userId ?? "";
	// A shorter one would be found in other words.
	return id.length > 3 ? text.replaceAll(id, redacted) : text;
}

export function runIn<T>(place: Place, work: () => T): T {
	return places ? places.run(place, work) : work();
}
