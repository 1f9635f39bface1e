import { connect } from "node:net";

export interface RawRequest {
	readonly port: number;
	readonly path: string;
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Buffer;
}

/** Sends a request over a socket of its own, and gives all bytes of the answer, or all until it broke off. */
export function rawRequest(request: RawRequest): Promise<Buffer> {
	const { port, path, method = "GET", headers = {}, body } = request;
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1");
		let received = Buffer.alloc(0);
		socket.on("data", (data) => {
			received = Buffer.concat([received, data]);
			if (isWhole(received, method)) socket.destroy();
		});
		socket.on("close", () => resolve(received));
		// A server may break a connection off: what came until then is what counts.
		socket.on("error", () => {});
		const all = {
			host: "localhost",
			...(body && { "content-length": String(body.length) }),
			...headers,
		};
		const lines = Object.entries(all).map(
			([name, value]) => `${name}: ${value}`,
		);
		socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
		if (body) socket.write(body);
	});
}

function isWhole(bytes: Buffer, method: string): boolean {
	const end = bytes.indexOf("\r\n\r\n");
	if (end === -1) return false;
	const head = bytes.subarray(0, end).toString("latin1").toLowerCase();
	if (method === "HEAD" || /^http\/1.1 (204|304)/.test(head)) return true;
	const [, length] = /\r\ncontent-length: *(\d+)/.exec(head) ?? [];
	if (length) return bytes.length === end + 4 + Number(length);
	return bytes.subarray(-5).toString("latin1") === "0\r\n\r\n";
}

export interface RawAnswer {
	readonly statusLine: string;
	/** Sorted, with lower-case names and no space after `;`: Deno and Hono write both differently once a header was looked at. */
	readonly headers: readonly string[];
	/** As it came, with the marks of its chunks; a character a byte. */
	readonly body: string;
}

/** The date, what monitoring adds, and how the server goes on with a connection whose request it did not read. */
const leftOut = /^(date|server-timing|traceresponse|connection|keep-alive):/;

/** An answer as it can be compared. */
export function parseAnswer(bytes: Buffer): RawAnswer {
	const end = bytes.indexOf("\r\n\r\n");
	const [statusLine = "", ...lines] = bytes
		.subarray(0, end)
		.toString("latin1")
		.split("\r\n");
	const headers = lines
		.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()))
		.map((line) => line.replaceAll("; ", ";"))
		.filter((line) => !leftOut.test(line))
		.sort();
	const body = bytes.subarray(end + 4).toString("latin1");
	return { statusLine, headers, body };
}
