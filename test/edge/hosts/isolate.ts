// One isolate: answers the requests that its host passes on, with what Supabase's runtime gives its functions.
import {
	createLogger,
	withMonitoring,
} from "../../../supabase/functions/_shared/monitoring/logger.ts";

const pending = new Set<Promise<unknown>>();
const waitUntil = (promise: Promise<unknown>) => {
	pending.add(promise);
	promise.finally(() => pending.delete(promise));
};
Object.assign(globalThis, { EdgeRuntime: { waitUntil } });

// All is to arrive: 50 of these that share a busy machine need more time for it than the library gives one.
const { timeout } = AbortSignal;
AbortSignal.timeout = (ms) => timeout.call(AbortSignal, 10 * ms);

const name = "shop";
const handler = withMonitoring(name)(async (request: Request) => {
	const { pathname } = new URL(request.url);
	await createLogger(name).monitorDatabaseOperation(
		"get_items",
		() => new Promise((resolve) => setTimeout(resolve, Math.random() * 5)),
	);
	if (pathname === "/shop/never") await new Promise(() => {});
	return new Response(pathname);
});

/** The part of a worker's global scope that this uses. */
interface Worker {
	postMessage(message: unknown): void;
	addEventListener(
		type: "message",
		listener: (event: { data: Message }) => void,
	): void;
	dispatchEvent(event: Event): boolean;
}

type Message =
	| { readonly id: number; readonly url: string }
	/** Why the host is about to end this isolate. */
	| { readonly reason: string };

const worker: Worker = Object(globalThis);

worker.addEventListener("message", async ({ data }) => {
	if ("reason" in data) {
		const { reason } = data;
		// What waits for a timer now, waits in vain.
		Object.assign(globalThis, { setTimeout: () => 0 });
		worker.dispatchEvent(
			new CustomEvent("beforeunload", { detail: { reason } }),
		);
		await settled();
		return worker.postMessage({ over: true });
	}
	const { id, url } = data;
	const response = await handler(new Request(url));
	worker.postMessage({ id, body: await response.text() });
	await settled();
	worker.postMessage({ idle: id });
});

/** Resolves when all that was given to `waitUntil`, and what came of it, is settled. */
async function settled(): Promise<void> {
	while (pending.size > 0) await Promise.allSettled(pending);
}
