// Stands in Tempo's place: answers its health, takes OTLP over HTTP, and tells the spans that it has of each service.
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import { type Span, spansOf } from "../../../scripts/stack/protobuf.ts";

const traces = new Map<string, Span[]>();

const receiver = createServer(async (request, response) => {
	const packed = Buffer.concat(await request.toArray());
	const isPacked = request.headers["content-encoding"] === "gzip";
	for (const span of spansOf(isPacked ? gunzipSync(packed) : packed)) {
		const trace = traces.get(span.traceId) ?? [];
		traces.set(span.traceId, [...trace, span]);
	}
	response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
});

const pages = createServer((request, response) => {
	if (request.url === "/ready") return response.end("ready\n");
	if (request.url === "/metrics") {
		return response
			.writeHead(200, { "content-type": "text/plain; version=0.0.4" })
			.end(`# TYPE traces gauge\ntraces ${traces.size}\n`);
	}
	if (request.url === "/traces") {
		return response.end(JSON.stringify([...traces.values()]));
	}
	return response.writeHead(404).end();
});

receiver.listen(4318, "0.0.0.0");
pages.listen(3200, "0.0.0.0");
process.on("SIGTERM", () => process.exit(0));
