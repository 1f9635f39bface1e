/// <reference lib="deno.worker" />
// The isolate's side: gives a function what Supabase's runtime gives it, and serves it on a free port.
import { logLine } from "./log.ts";
import type { FromIsolate, ToIsolate } from "./messages.ts";

type Handler = Deno.ServeHandler<Deno.NetAddr>;

/** Milliseconds that requests and background work have to end in, before the function is told. */
const patience = 1500;

const background = new Set<Promise<unknown>>();
const servers: Deno.HttpServer[] = [];
const bareServe = Deno.serve;

Reflect.set(globalThis, "EdgeRuntime", {
	waitUntil<T>(promise: Promise<T>): Promise<T> {
		const settled = promise
			.catch(() => {})
			.finally(() => background.delete(settled));
		background.add(settled);
		return promise;
	},
});

// Where a function would listen is the host's affair.
Reflect.set(Deno, "serve", (...args: readonly unknown[]) => {
	const [options] = args;
	return serve(args.find(isHandler) ?? handlerIn(options, "handler"));
});

self.onmessage = async ({ data }: MessageEvent<ToIsolate>) => {
	if ("end" in data) return end(data.end);
	const module: unknown = await import(data.serve);
	const exported: unknown = Reflect.get(Object(module), "default");
	if (isHandler(exported)) serve(exported);
	else if (exported !== undefined) serve(handlerIn(exported, "fetch"));
	else if (servers.length === 0) {
		throw new TypeError(
			`${data.serve} should call Deno.serve, or export a handler as default`,
		);
	}
};

function isHandler(value: unknown): value is Handler {
	return typeof value === "function";
}

function handlerIn(value: unknown, key: string): Handler {
	const found: unknown = Reflect.get(Object(value), key);
	if (isHandler(found)) return found;
	throw new TypeError(`there is no function ${key}`);
}

function serve(handler: Handler): Deno.HttpServer<Deno.NetAddr> {
	const server = bareServe(
		{
			port: 0,
			hostname: "127.0.0.1",
			onListen: ({ port }) => tell({ port }),
			onError(error) {
				// Not its message, which may quote what was asked: the function's own log knows what may be told.
				const what = error instanceof Error ? error.name : typeof error;
				logLine("ERROR", `${self.name} threw`, { error: what });
				return new Response("Internal Server Error", { status: 500 });
			},
		},
		handler,
	);
	servers.push(server);
	return server;
}

/** Ends in good order, with the event that tells the function so. */
async function end(reason: string): Promise<void> {
	const atEase = Promise.all(servers.map((server) => server.shutdown()));
	await within(patience, atEase.then(settled));
	dispatchEvent(new CustomEvent("beforeunload", { detail: { reason } }));
	await within(patience, settled());
	tell({ ended: true });
	self.close();
}

async function settled(): Promise<void> {
	while (background.size > 0) await Promise.all(background);
}

async function within(milliseconds: number, work: Promise<unknown>) {
	const { promise, resolve } = Promise.withResolvers<void>();
	const timer = setTimeout(resolve, milliseconds);
	await Promise.race([work, promise]);
	clearTimeout(timer);
}

function tell(message: FromIsolate): void {
	self.postMessage(message);
}
