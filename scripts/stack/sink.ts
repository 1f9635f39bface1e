// Stands in Tempo's place, which is not built here: takes OTLP's traces and keeps their spans by id.
// node scripts/stack/sink.ts <port> <folder> [spans to keep] [bytes of requests to keep]
import { appendFileSync, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { spansOf } from "./protobuf.ts";
import { SpanStore } from "./span-store.ts";

const [port = "4318", folder = ".", spans = "200000", bytes = "0"] =
	process.argv.slice(2);
const store = new SpanStore(folder, Number(spans) / 2);
const requestsFile = join(folder, "requests.bin");
let room =
	Number(bytes) - (existsSync(requestsFile) ? statSync(requestsFile).size : 0);
let requests = 0;
let received = 0;

async function take(request: IncomingMessage): Promise<void> {
	const packed = Buffer.concat(await request.toArray());
	const isPacked = request.headers["content-encoding"] === "gzip";
	const body = isPacked ? gunzipSync(packed) : packed;
	const taken = spansOf(body);
	if (room > 0) {
		appendFileSync(requestsFile, body);
		room -= body.length;
	}
	store.add(taken);
	requests += 1;
	received += taken.length;
}

const pages: Readonly<Record<string, () => string>> = {
	"/ready": () => "ready\n",
	"/stats": () =>
		JSON.stringify({ requests, spans: received, distinct: store.size }),
	"/spans": () => store.all().map(spanLine).join(""),
	"/metrics": () =>
		`# TYPE sink_spans_received_total counter\nsink_spans_received_total ${received}\n`,
};

function spanLine({ spanId, times }: { spanId: string; times: number }) {
	return `${spanId} ${times}\n`;
}

const server = createServer(async (request, response) => {
	const { pathname } = new URL(request.url ?? "/", "http://sink");
	if (request.method === "POST" && pathname === "/v1/traces") {
		try {
			await take(request);
			response.writeHead(200, { "content-type": "application/x-protobuf" });
			response.end();
		} catch (error) {
			response.writeHead(400).end(`${error}\n`);
		}
		return;
	}
	const traceId = /^\/api\/(?:v2\/)?traces\/([0-9a-f]{32})$/.exec(pathname);
	if (traceId) {
		const trace = store.trace(traceId[1] ?? "");
		response.writeHead(trace.length > 0 ? 200 : 404);
		return response.end(JSON.stringify({ spans: trace }));
	}
	const page = pages[pathname];
	// Prometheus takes no metrics without a type.
	response.setHeader("content-type", "text/plain; version=0.0.4");
	response.writeHead(page ? 200 : 404).end(page?.() ?? "not found\n");
});
server.keepAliveTimeout = 60_000;
server.listen(Number(port), "127.0.0.1");
for (const signal of ["SIGINT", "SIGTERM"] as const) {
	process.once(signal, () => process.exit(0));
}
