import { createServer, type IncomingMessage } from "node:http";
import { gunzipSync } from "node:zlib";

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface ReceivedSpan {
	readonly service: string;
	/** The instrumentation that made it. */
	readonly scope: string;
	readonly name: string;
	/** 2 is a server's, 3 a client's. */
	readonly kind: number;
	readonly traceId: string;
	readonly spanId: string;
	readonly parentSpanId: string;
	/** 2 is an error. */
	readonly status: number;
	readonly attributes: Attributes;
}

export interface ReceivedPoint {
	readonly service: string;
	readonly name: string;
	readonly unit: string;
	readonly attributes: Attributes;
	/** Of a counter or a gauge; of a histogram, how many values it holds. */
	readonly value: number;
	/** Upper bounds of a histogram's buckets. */
	readonly bounds: readonly number[];
}

/** A collector's HTTP side, as far as tests need it: takes OTLP and keeps all of it. */
export class OtlpReceiver {
	readonly #server = createServer(async (request, response) => {
		if (this.answer === "hang") return;
		const body = await read(request).catch((error) => {
			// Its sender was killed.
			if (request.complete) throw error;
		});
		if (!body) return;
		const isJson = request.headers["content-type"] === "application/json";
		this.bodies.push(body.toString());
		if (isJson) this.#keep(request.url ?? "", body.toString());
		response.writeHead(this.answer === "refuse" ? 500 : 200).end();
	});
	/** What it does from now on; a refusal is not to be tried again at once. */
	answer: "take" | "refuse" | "hang" = "take";
	/** Every request's content, as text. */
	readonly bodies: string[] = [];
	readonly spans: ReceivedSpan[] = [];
	/** Of each series the latest. */
	readonly #points = new Map<string, ReceivedPoint>();
	readonly resources: Attributes[] = [];

	/** @param port 0 for any free one */
	async start(port = 0): Promise<string> {
		await new Promise<void>((done) =>
			this.#server.listen(port, "127.0.0.1", done),
		);
		const address = this.#server.address();
		if (address === null || typeof address === "string") throw new Error();
		return `http://127.0.0.1:${address.port}`;
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((done) => this.#server.close(done));
	}

	points(name: string): ReceivedPoint[] {
		return [...this.#points.values()].filter((point) => point.name === name);
	}

	metricNames(): string[] {
		return [...new Set([...this.#points.values()].map(({ name }) => name))];
	}

	#keep(path: string, json: string): void {
		if (path === "/v1/traces") this.spans.push(...spansOf(JSON.parse(json)));
		if (path !== "/v1/metrics") return;
		const body: MetricsRequest = JSON.parse(json);
		for (const { resource } of body.resourceMetrics) {
			this.resources.push(attributesOf(resource.attributes));
		}
		for (const point of pointsOf(body)) {
			const { service, name, attributes } = point;
			this.#points.set(JSON.stringify([service, name, attributes]), point);
		}
	}
}

async function read(request: IncomingMessage): Promise<Buffer> {
	const body = Buffer.concat(await request.toArray());
	const isPacked = request.headers["content-encoding"] === "gzip";
	return isPacked ? gunzipSync(body) : body;
}

interface Value {
	readonly stringValue?: string;
	readonly boolValue?: boolean;
	readonly intValue?: number | string;
	readonly doubleValue?: number;
}

interface Pair {
	readonly key: string;
	readonly value: Value;
}

interface TracesRequest {
	readonly resourceSpans: readonly {
		readonly resource: { readonly attributes: readonly Pair[] };
		readonly scopeSpans: readonly {
			readonly scope: { readonly name: string };
			readonly spans: readonly {
				readonly name: string;
				readonly kind: number;
				readonly traceId: string;
				readonly spanId: string;
				readonly parentSpanId?: string;
				readonly status?: { readonly code?: number };
				readonly attributes: readonly Pair[];
			}[];
		}[];
	}[];
}

interface Point {
	readonly attributes: readonly Pair[];
	readonly asInt?: number | string;
	readonly asDouble?: number;
	readonly count?: number | string;
	readonly explicitBounds?: readonly number[];
}

interface MetricsRequest {
	readonly resourceMetrics: readonly {
		readonly resource: { readonly attributes: readonly Pair[] };
		readonly scopeMetrics: readonly {
			readonly metrics: readonly {
				readonly name: string;
				readonly unit?: string;
				readonly sum?: { readonly dataPoints: readonly Point[] };
				readonly gauge?: { readonly dataPoints: readonly Point[] };
				readonly histogram?: { readonly dataPoints: readonly Point[] };
			}[];
		}[];
	}[];
}

function spansOf(body: TracesRequest): ReceivedSpan[] {
	return body.resourceSpans.flatMap(({ resource, scopeSpans }) =>
		scopeSpans.flatMap(({ scope, spans }) =>
			spans.map((span) => ({
				...span,
				service: serviceOf(resource.attributes),
				scope: scope.name,
				parentSpanId: span.parentSpanId ?? "",
				status: span.status?.code ?? 0,
				attributes: attributesOf(span.attributes),
			})),
		),
	);
}

function pointsOf(body: MetricsRequest): ReceivedPoint[] {
	return body.resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
		scopeMetrics.flatMap(({ metrics }) =>
			metrics.flatMap(({ name, unit = "", sum, gauge, histogram }) =>
				[sum, gauge, histogram].flatMap((data) =>
					(data?.dataPoints ?? []).map((point) => ({
						service: serviceOf(resource.attributes),
						name,
						unit,
						attributes: attributesOf(point.attributes),
						value: Number(point.count ?? point.asInt ?? point.asDouble),
						bounds: point.explicitBounds ?? [],
					})),
				),
			),
		),
	);
}

function serviceOf(pairs: readonly Pair[]): string {
	return String(attributesOf(pairs)["service.name"]);
}

function attributesOf(pairs: readonly Pair[]): Attributes {
	return Object.fromEntries(
		pairs.map(({ key, value }) => [
			key,
			value.stringValue ??
				value.boolValue ??
				value.doubleValue ??
				Number(value.intValue),
		]),
	);
}
