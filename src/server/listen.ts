import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { portHolder } from "./port-holder.ts";

export interface Listening {
	/** `http://127.0.0.1:8000` */
	readonly url: string;
	/** Ends open connections too. */
	close(): Promise<void>;
}

/** A server that could not start, for a reason that the user can mend. */
export class ListenError extends Error {
	override readonly name = "ListenError";
}

/**
 * Serves an app. Port 0 takes any free one.
 * @throws ListenError with one line: what is wrong, and the way out
 */
export async function listen(
	app: Hono,
	host: string,
	port: number,
): Promise<Listening> {
	const server = createServer(getRequestListener(app.fetch));
	await new Promise<void>((resolve, reject) => {
		server.once("error", (error) =>
			reject(new ListenError(explain(error, host, port))),
		);
		server.listen(port, host, resolve);
	});
	return {
		url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort(server)}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function boundPort(server: Server): number {
	const address = server.address();
	if (typeof address === "object" && address !== null) return address.port;
	throw new Error("the server has no port, though it listens");
}

function explain(
	error: NodeJS.ErrnoException,
	host: string,
	port: number,
): string {
	switch (error.code) {
		case "EADDRINUSE": {
			const holder = portHolder(port) ?? "another program";
			return `port ${port} on ${host} is taken by ${holder}; stop it, or choose another port with --port or PROMETHEUS_PORT`;
		}
		case "EACCES":
			return `port ${port} on ${host} may not be used by this user; choose one from 1024 with --port or PROMETHEUS_PORT`;
		case "EADDRNOTAVAIL":
		case "ENOTFOUND":
			return `${host} is not an address of this machine; set METRICS_HOST to one, such as 127.0.0.1 or 0.0.0.0`;
		default:
			return `the server could not listen on ${host}:${port} (${error.code ?? error.message})`;
	}
}
