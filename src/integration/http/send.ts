import {
	type ClientRequest,
	request as httpRequest,
	type IncomingMessage,
} from "node:http";
import type { Socket } from "node:net";
import type { Hop } from "./hop.ts";
import type { Progress } from "./progress.ts";
import { RequestError } from "./request-error.ts";

/** Bytes that the headers of an answer may have. */
const headerLimit = 16 * 1024;

export interface Exchange {
	readonly response: IncomingMessage;
	/** What went wrong with the connection since; the answer itself only says that it was cut. */
	problem(): Error | undefined;
	/** Bytes that came so far, with all that frames the answer. */
	bytesRead(): number;
}

/** Sends a request, and resolves with the headers of its answer. */
export async function send(
	hop: Hop,
	socket: Socket,
	progress: Progress,
	signal: AbortSignal,
): Promise<Exchange> {
	const before = socket.bytesRead;
	progress.begin("first_byte");
	const bytesRead = () => socket.bytesRead - before;
	progress.received = bytesRead;
	const sent = httpRequest({
		// Without an agent, so that the connection is this one and ends with the answer.
		createConnection: () => socket,
		method: hop.method,
		path: `${hop.url.pathname}${hop.url.search}`,
		headers: { host: hop.url.host, ...hop.headers, ...framing(hop.body) },
		setHost: false,
		maxHeaderSize: headerLimit,
		signal,
	});
	let problem: Error | undefined;
	sent.on("error", (error) => {
		problem ??= error;
	});
	sent.end(hop.body);
	const response = await answered(sent, bytesRead);
	progress.end();
	return { response, problem: () => problem, bytesRead };
}

/** Node frames no body of a GET by itself, and a wrong length would be the monitor's lie. */
function framing(body: string | undefined): Record<string, string> {
	if (body === undefined) return {};
	return { "content-length": String(Buffer.byteLength(body)) };
}

function answered(
	sent: ClientRequest,
	bytesRead: () => number,
): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		sent.on("response", resolve);
		sent.on("error", reject);
		// Node bounds the headers of one answer, but not how many answers of 1xx come before it.
		sent.on("information", () => {
			if (bytesRead() <= headerLimit) return;
			reject(
				new RequestError(
					"endless_interim",
					"says without end that its answer will come (status 1xx)",
				),
			);
		});
		sent.on("upgrade", (_response, socket) => {
			socket.destroy();
			reject(
				new RequestError(
					"upgraded",
					"switched to another protocol, which nobody asked for",
				),
			);
		});
	});
}
