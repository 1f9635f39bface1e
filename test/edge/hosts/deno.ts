/** What the tests use of Deno: its types are not those of this project. */
interface DenoGlobal {
	serve(
		options: { port: number; hostname: string; onListen(): void },
		handler: (request: Request, info: unknown) => Response | Promise<Response>,
	): { readonly addr: { readonly port: number } };
	upgradeWebSocket(request: Request): {
		readonly socket: WebSocket;
		readonly response: Response;
	};
}

/** Not there on Node. */
export const deno: DenoGlobal | undefined = Reflect.get(globalThis, "Deno");

/** Serves a handler on a free port of 127.0.0.1, and gives the port. */
export function serve(
	handler: (request: Request, info: unknown) => Response | Promise<Response>,
): number {
	if (!deno) throw new Error("this needs Deno");
	const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
	return deno.serve(options, handler).addr.port;
}
