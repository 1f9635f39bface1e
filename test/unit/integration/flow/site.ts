import { once } from "node:events";
import {
	createServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
} from "node:http";

export interface Seen {
	/** Method and path. */
	readonly line: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** What is answered to a request; a request without one hangs. */
export interface Answer {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** A text, or what is sent as JSON. */
	readonly body?: unknown;
}

/** A real HTTP server that answers as a test says, and keeps what it was asked. */
export class Site {
	readonly seen: Seen[] = [];
	/** Asked for each request. */
	answer: (seen: Seen) => Answer | undefined = () => ({});
	readonly #server = createServer(async (request, response) => {
		const seen = await seenIn(request);
		this.seen.push(seen);
		const answer = this.answer(seen);
		if (answer === undefined) return;
		const { status = 200, headers = {}, body = "" } = answer;
		response.writeHead(status, headers);
		response.end(typeof body === "string" ? body : JSON.stringify(body));
	});

	async start(): Promise<void> {
		this.#server.listen(0, "127.0.0.1");
		await once(this.#server, "listening");
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((done) => this.#server.close(done));
	}

	url(path: string): string {
		const address = this.#server.address();
		if (address === null || typeof address === "string") throw new Error();
		return `http://127.0.0.1:${address.port}${path}`;
	}

	lines(): string[] {
		return this.seen.map(({ line }) => line);
	}
}

async function seenIn(request: IncomingMessage): Promise<Seen> {
	const body = Buffer.concat(await request.toArray()).toString();
	const line = `${request.method} ${request.url}`;
	return { line, headers: request.headers, body };
}
