import { once } from "node:events";
import {
	createServer as createHttpServer,
	type IncomingHttpHeaders,
	type RequestListener,
} from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { createServer as createTlsServer } from "node:tls";
import type {
	HttpRequest,
	HttpResult,
} from "../../src/integration/http/exchange.ts";
import { request } from "../../src/integration/http/request.ts";
import type { Certificate } from "./certificates.ts";

/** A server by TCP or TLS that does with a connection whatever a test says. */
export class LyingServer {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	readonly #tls: boolean;
	/** All that clients sent. */
	received = "";

	/** @param lie called for each connection */
	constructor(lie: (socket: Socket) => void, certificate?: Certificate) {
		const take = (socket: Socket) => {
			this.#sockets.add(socket);
			socket.on("close", () => this.#sockets.delete(socket));
			socket.on("error", () => {});
			socket.on("data", (data) => {
				this.received += data.toString("latin1");
			});
			lie(socket);
		};
		this.#tls = certificate !== undefined;
		this.#server = certificate
			? createTlsServer({ ...certificate }, take)
			: createServer(take);
		this.#server.on("tlsClientError", () => {});
	}

	/** How many connections are open. */
	get open(): number {
		return this.#sockets.size;
	}

	/** Resolves with its origin. */
	async start(host = "127.0.0.1"): Promise<string> {
		this.#server.listen(0, host);
		await once(this.#server, "listening");
		const address = this.#server.address();
		if (address === null || typeof address === "string") throw new Error();
		const scheme = this.#tls ? "https" : "http";
		return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
	}

	async close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await new Promise((resolve) => this.#server.close(resolve));
	}
}

/** A lie that is told as soon as a request came, and ends the connection. */
export function answering(...parts: readonly (string | Buffer)[]) {
	return (socket: Socket) =>
		socket.once("data", () => {
			socket.end(Buffer.concat(parts.map((part) => Buffer.from(part))));
		});
}

/** A lie that is told on and on, as fast as it is taken. */
export function endlessly(head: string, part: string | Buffer) {
	return (socket: Socket) =>
		socket.once("data", () => {
			const go = () => {
				while (!socket.destroyed && socket.write(part));
			};
			socket.on("drain", go);
			socket.write(head);
			go();
		});
}

/** A lie that is told a byte at a time, and never to its end. */
export function dripping(head: string, byte = "x") {
	return (socket: Socket) =>
		socket.once("data", () => {
			socket.write(head);
			const timer = setInterval(() => socket.write(byte), 10);
			socket.on("close", () => clearInterval(timer));
		});
}

/** A request as the configuration has it by default. */
export function httpRequest(
	url: string,
	options: Partial<HttpRequest> = {},
): HttpRequest {
	return {
		url,
		method: "GET",
		headers: {},
		timeout: 10,
		followRedirects: true,
		verifyTls: true,
		allowLinkLocal: false,
		...options,
	};
}

/** The truth: what speaks HTTP as Node does. */
export function speaking(listener: RequestListener) {
	const server = createHttpServer(listener);
	return (socket: Socket) => {
		server.emit("connection", socket);
	};
}

/** What a request is told of a server that does so with its connection. */
export async function toldOf(
	lie: (socket: Socket) => void,
	timeout = 10,
): Promise<HttpResult> {
	const server = new LyingServer(lie);
	const options = httpRequest(await server.start(), { timeout });
	try {
		return await request(options, {}, new AbortController().signal);
	} finally {
		await server.close();
	}
}

export interface Asked {
	readonly method: string | undefined;
	readonly path: string | undefined;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** Remembers what it is asked; redirects by path as it is told, and answers 200 to the rest. */
export function redirecting(
	asked: Asked[],
	routes: (path: string) => readonly [number, string] | undefined,
) {
	return speaking(async (message, response) => {
		const { method, url: path = "", headers } = message;
		asked.push({ method, path, headers, body: await text(message) });
		const [status, location] = routes(path) ?? [200, undefined];
		response.writeHead(status, location === undefined ? {} : { location });
		response.end(`answer of ${path}`);
	});
}
