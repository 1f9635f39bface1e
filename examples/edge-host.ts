// Runs edge functions on Deno under /functions/v1/<name>, as Supabase does.
//   deno run -A examples/edge-host.ts [folder of functions]
import process from "node:process";
import { Isolates } from "./edge/isolates.ts";
import { logLine } from "./edge/log.ts";

const functions = new URL("../supabase/functions/", import.meta.url);
const [folder] = Deno.args;
const isolates = new Isolates(
	folder ? new URL(`file://${Deno.realPathSync(folder)}/`) : functions,
	Number(process.env.ISOLATE_LIFETIME ?? 400),
);
const server = listen(Number(process.env.PORT ?? 54321));
logLine("INFO", "listening", { port: server.addr.port });
process.send?.({ port: server.addr.port });

process.once("disconnect", end);
process.on("SIGTERM", end);
process.on("SIGINT", () => {
	// Ctrl-C reaches parent and children at once; with a parent, it is the parent that decides.
	if (!process.connected) end();
});

/** Listens on this machine only, unless LISTEN_HOST says otherwise: on the port, or on any free one where it is taken. */
function listen(port: number): Deno.HttpServer<Deno.NetAddr> {
	const hostname = process.env.LISTEN_HOST || "127.0.0.1";
	const options = { hostname, onListen() {} };
	try {
		return Deno.serve({ ...options, port }, answer);
	} catch (error) {
		if (!(error instanceof Deno.errors.AddrInUse)) throw error;
		return Deno.serve({ ...options, port: 0 }, answer);
	}
}

async function answer(request: Request): Promise<Response> {
	const { pathname } = new URL(request.url);
	if (pathname === "/health") return Response.json({ status: "healthy" });
	const [, name = ""] = /^\/functions\/v1\/([^/]+)/.exec(pathname) ?? [];
	const isolate = await isolates.of(name);
	if (!isolate) return failure(404, "there is no such function");
	let port: number;
	try {
		port = await isolate.port;
	} catch {
		return failure(503, "the function did not start; see the log");
	}
	try {
		return await forward(request, port);
	} catch (error) {
		logLine("ERROR", `${name} gave no answer`, { error: String(error) });
		return failure(502, "the function gave no answer; see the log");
	}
}

/** Passes a request on, and its answer back, without waiting for the end of either body. */
function forward(request: Request, port: number): Promise<Response> {
	const url = new URL(request.url);
	url.host = `127.0.0.1:${port}`;
	url.pathname = url.pathname.slice("/functions/v1".length);
	const headers = new Headers(request.headers);
	// Else the function would pack its answer, which is unpacked here and packed again.
	headers.set("accept-encoding", "identity");
	const { method, body, signal } = request;
	return fetch(url, { method, headers, body, signal, redirect: "manual" });
}

function failure(status: number, message: string): Response {
	return Response.json({ message }, { status });
}

async function end(): Promise<void> {
	await Promise.all([server.shutdown(), isolates.end()]);
	Deno.exit();
}
