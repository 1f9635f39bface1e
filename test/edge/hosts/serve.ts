import type { AddressInfo } from "node:net";
import { deno, serve as serveOnDeno } from "./deno.ts";

type Handler = (
	request: Request,
	info: unknown,
) => Response | Promise<Response>;

/** Serves a handler with the runtime's own server, or Hono's on Node, and prints the port. */
export async function serve(handler: Handler): Promise<void> {
	const port = deno ? serveOnDeno(handler) : await serveOnNode(handler);
	console.log(JSON.stringify({ port }));
}

async function serveOnNode(handler: Handler): Promise<number> {
	const { serve } = await import("@hono/node-server");
	return new Promise((resolve) => {
		const fetch = (request: Request) => handler(request, undefined);
		serve({ fetch, port: 0, hostname: "127.0.0.1" }, ({ port }: AddressInfo) =>
			resolve(port),
		);
	});
}
