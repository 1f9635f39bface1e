// Many instances of the edge library in one process, each with module state of its own, as isolates have it.
// node isolates.ts <how many>; a line "<requests of each>" makes a wave, which is answered with the trace ids of all its requests.
import { registerHooks } from "node:module";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const library = new URL(
	"../../../supabase/functions/_shared/monitoring/logger.ts",
	import.meta.url,
);
const folder = new URL(".", library).href;

registerHooks({
	resolve(specifier, context, next) {
		const resolved = next(specifier, context);
		const isolate = /\?isolate=\d+$/.exec(context.parentURL ?? "")?.[0];
		const isOurs = resolved.url.startsWith(folder);
		if (isolate === undefined || !isOurs) return resolved;
		return { ...resolved, url: resolved.url + isolate };
	},
});

type Handler = (request: Request) => Response | Promise<Response>;
interface Library {
	withMonitoring(name: string): (handler: Handler) => Handler;
	createLogger(name: string): {
		monitorDatabaseOperation(
			name: string,
			work: () => Promise<unknown>,
		): Promise<unknown>;
	};
}

const pending = new Set<Promise<unknown>>();
const waitUntil = (promise: Promise<unknown>) => {
	pending.add(promise);
	promise.finally(() => pending.delete(promise));
};
Object.assign(globalThis, { EdgeRuntime: { waitUntil } });
const { fetch, Response } = globalThis;

// What is counted here is to arrive: a collector that shares a busy machine is given ten times as long as the library gives it.
const { timeout } = AbortSignal;
AbortSignal.timeout = (ms) => timeout.call(AbortSignal, 10 * ms);

const handlers: Handler[] = [];
for (let each = 0; each < Number(process.argv[2]); each++) {
	const { withMonitoring, createLogger }: Library = await import(
		`${library.href}?isolate=${each}`
	);
	handlers.push(
		withMonitoring("shop")(async () => {
			await createLogger("shop").monitorDatabaseOperation("get_items", () =>
				sleep(Math.random() * 20),
			);
			return new Response("here");
		}),
	);
}
console.log(JSON.stringify({ isolates: handlers.length }));

for await (const line of createInterface(process.stdin)) {
	const traces = await Promise.all(
		handlers.map((handler) => requests(handler, Number(line))),
	);
	while (pending.size > 0) await Promise.allSettled(pending);
	console.log(JSON.stringify(traces.flat()));
}

async function requests(handler: Handler, count: number): Promise<string[]> {
	const ids: string[] = [];
	for (let each = 0; each < count; each++) {
		// All of them in a few seconds, not at one moment: the machine may be busy.
		await sleep(Math.random() * 4000);
		// Each isolate has its own globals; here they are put back for the next.
		const answer = handler(new Request("https://shop.example/shop"));
		Object.assign(globalThis, { fetch, Response });
		const header = (await answer).headers.get("traceresponse") ?? "";
		ids.push(header.split("-")[1] ?? "");
	}
	return ids;
}
