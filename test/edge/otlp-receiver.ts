import { once } from "node:events";
import {
	createServer,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import {
	type Attributes,
	type LogRecord,
	type Point,
	parseLogs,
	parseMetrics,
	parseSpans,
	type Span,
} from "./otlp-json.ts";

export interface Received {
	readonly path: string;
	readonly headers: IncomingMessage["headers"];
	readonly body: string;
}

/** What to answer; `hang` never does, `cut` closes the connection instead, `endless` accepts and never stops. */
export type Answer =
	| {
			readonly status: number;
			readonly body?: string;
			readonly headers?: Record<string, string>;
	  }
	| "hang"
	| "cut"
	| "endless";

const accept: Answer = { status: 200, body: "{}" };

/** A receiver of OTLP/JSON on a free port. It keeps what it accepts, and notes what breaks the format. */
export class OtlpReceiver {
	/** All requests, whatever became of them. */
	readonly requests: Received[] = [];
	readonly accepted: Received[] = [];
	/** What the format forbids. */
	readonly violations: string[] = [];
	answer: (request: Received) => Answer = () => accept;
	readonly #server: Server;

	private constructor(server: Server) {
		this.#server = server;
	}

	static async start(port = 0): Promise<OtlpReceiver> {
		const server = createServer();
		const receiver = new OtlpReceiver(server);
		server.on("request", async (request, response) => {
			const body = await buffer(request).catch((error) => {
				// Its sender was killed.
				if (request.complete) throw error;
			});
			if (!body) return;
			const answer = receiver.#take(request, body);
			if (answer === "hang") return;
			if (answer === "cut") return request.socket.destroy();
			if (answer === "endless") return pour(response);
			response.writeHead(answer.status, {
				"content-type": "application/json",
				...answer.headers,
			});
			response.end(answer.body ?? "");
		});
		server.listen(port, "127.0.0.1");
		await once(server, "listening");
		return receiver;
	}

	get port(): number {
		const address = this.#server.address();
		return isBound(address) ? address.port : 0;
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	spans(): Span[] {
		return this.#of("/v1/traces").flatMap(parseSpans);
	}

	points(name?: string): Point[] {
		const points = this.#of("/v1/metrics").flatMap(parseMetrics);
		return points.filter((point) => name === undefined || point.name === name);
	}

	logs(): LogRecord[] {
		return this.#of("/v1/logs").flatMap(parseLogs);
	}

	/** The sum of a counter, or the count of a histogram, over the points that have the labels. */
	total(name: string, labels: Attributes = {}): number {
		return this.points(name)
			.filter((point) =>
				Object.entries(labels).every(
					([label, value]) => point.attributes[label] === value,
				),
			)
			.reduce((sum, point) => sum + (point.count ?? point.value), 0);
	}

	/** All that was ever sent, as text. */
	everything(): string {
		return this.requests.map(({ body }) => body).join("\n");
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	#of(path: string): string[] {
		return this.accepted
			.filter((request) => request.path === path)
			.map(({ body }) => body);
	}

	#take({ url, headers, method }: IncomingMessage, bytes: Buffer): Answer {
		const packed = headers["content-encoding"] === "gzip";
		const body = (packed ? gunzipSync(bytes) : bytes).toString();
		const received = { path: url ?? "", headers, body };
		this.requests.push(received);
		if (method !== "POST" || headers["content-type"] !== "application/json") {
			this.violations.push(`${method} with ${headers["content-type"]}`);
		}
		const violation = violationIn(received);
		if (violation) this.violations.push(violation);
		const answer = this.answer(received);
		const accepts = typeof answer === "object" && answer.status === 200;
		if (accepts || answer === "endless") {
			this.accepted.push(received);
		}
		return answer;
	}
}

/** Writes as long as anyone reads. */
function pour(response: ServerResponse): void {
	const chunk = "x".repeat(65_536);
	const more = () => {
		while (!response.destroyed && response.write(chunk));
	};
	response.on("drain", more);
	response.on("error", () => {});
	more();
}

function isBound(address: string | AddressInfo | null): address is AddressInfo {
	return typeof address === "object" && address !== null;
}

function violationIn({ path, body }: Received): string | undefined {
	const parsers: Record<string, (body: string) => unknown> = {
		"/v1/traces": parseSpans,
		"/v1/metrics": parseMetrics,
		"/v1/logs": parseLogs,
	};
	try {
		const parse = parsers[path];
		if (!parse) return `a request to ${path}`;
		parse(body);
		return undefined;
	} catch (error) {
		return `${path}: ${error}`;
	}
}
