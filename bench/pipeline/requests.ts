import { randomFillSync } from "node:crypto";
import { Agent, request } from "node:http";

/** Attributes of a span of a backend's, as instrumentation-http makes them. */
const attributes = {
	"http.request.method": "GET",
	"url.scheme": "http",
	"url.path": "/api/recommendations/{id}",
	"http.route": "/api/recommendations/:id",
	"http.response.status_code": "200",
	"server.address": "recommender.internal",
	"server.port": "8002",
	"network.protocol.version": "1.1",
	"network.peer.address": "10.0.12.7",
	"user_agent.original": "undici",
	"db.system.name": "postgresql",
	"db.query.text": "SELECT id, score FROM recommendations WHERE user_id = $1",
};
const spansARequest = 20;
const traceMark = Buffer.from("0123456789abcdef");
const spanMark = Buffer.from("fedcba98");

/** A request with spans whose ids are new each time. */
export class SpanRequests {
	readonly spans = spansARequest;
	readonly #body = body();
	readonly #traceIds: number[];
	readonly #spanIds: number[];
	readonly #agent: Agent;
	readonly #url: string;

	constructor(url: string, connections: number) {
		this.#url = `${url}/v1/traces`;
		this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
		this.#traceIds = placesOf(this.#body, traceMark);
		this.#spanIds = placesOf(this.#body, spanMark);
	}

	/** Sends one; gives the first span's trace id if it was taken. */
	send(): Promise<string | undefined> {
		const body = Buffer.from(this.#body);
		const traceId = randomFillSync(Buffer.alloc(16));
		for (const at of this.#traceIds) traceId.copy(body, at);
		for (const at of this.#spanIds) randomFillSync(body, at, 8);
		return new Promise((resolve, reject) => {
			const headers = {
				"content-type": "application/x-protobuf",
				"content-length": body.length,
			};
			const options = { method: "POST", agent: this.#agent, headers };
			request(this.#url, options, (response) => {
				const isTaken = response.statusCode === 200;
				response.resume().on("end", () => {
					resolve(isTaken ? traceId.toString("hex") : undefined);
				});
			})
				.on("error", reject)
				.end(body);
		});
	}

	end(): void {
		this.#agent.destroy();
	}
}

function placesOf(body: Buffer, mark: Buffer): number[] {
	const places: number[] = [];
	for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + 1)) {
		places.push(at);
	}
	return places;
}

function body(): Buffer {
	const now = Buffer.alloc(8);
	now.writeBigUInt64LE(BigInt(Date.now()) * 1_000_000n);
	const spans = Array.from({ length: spansARequest }, () =>
		message(2, [
			message(1, [traceMark]),
			message(2, [spanMark]),
			message(5, [Buffer.from("GET /api/recommendations/:id")]),
			Buffer.from([0x30, 2]),
			Buffer.concat([Buffer.from([0x39]), now]),
			Buffer.concat([Buffer.from([0x41]), now]),
			...Object.entries(attributes).map((pair) => attribute(9, ...pair)),
		]),
	);
	const resource = [
		attribute(1, "service.name", "recommender"),
		attribute(1, "service.instance.id", "recommender-1"),
		attribute(1, "deployment.environment.name", "production"),
	];
	return message(1, [message(1, resource), message(2, spans)]);
}

function attribute(field: number, key: string, value: string): Buffer {
	const text = message(1, [Buffer.from(value)]);
	return message(field, [message(1, [Buffer.from(key)]), message(2, [text])]);
}

/** A field of protocol buffers that holds bytes. */
function message(field: number, parts: readonly Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	const length: number[] = [];
	let rest = content.length;
	for (; rest > 127; rest = Math.floor(rest / 128)) {
		length.push(128 + (rest % 128));
	}
	return Buffer.concat([
		Buffer.from([field * 8 + 2, ...length, rest]),
		content,
	]);
}
