import { afterEach, beforeEach, expect, it } from "vitest";
import { type Backend, startBackend } from "./backend.ts";
import { type Child, startDeno } from "./child.ts";
import { OtlpReceiver } from "./otlp-receiver.ts";

// Deno's own OpenTelemetry and the library, each with a receiver of its own.
let ofDeno: OtlpReceiver;
let receiver: OtlpReceiver;
let backend: Backend;
let child: Child;

beforeEach(async () => {
	ofDeno = await OtlpReceiver.start();
	receiver = await OtlpReceiver.start();
	backend = await startBackend();
	child = await startDeno("under-otel.ts", {
		OTEL_DENO: "true",
		OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
		OTEL_EXPORTER_OTLP_ENDPOINT: ofDeno.url,
		OTEL_BSP_SCHEDULE_DELAY: "100",
		BACKEND: backend.url,
		LIBRARY_ENDPOINT: receiver.url,
		MONITORING_TRACE_HOSTS: backend.url,
	});
});
afterEach(async () => {
	await child.stop();
	await Promise.all([ofDeno.stop(), receiver.stop(), backend.stop()]);
});

interface DenoSpan {
	readonly traceId: string;
	readonly spanId: string;
	readonly parentSpanId: string;
	readonly name: string;
	readonly kind: number;
}

/** Deno fills in fields that the library's stricter reading doesn't take. */
function denoSpans(): DenoSpan[] {
	return ofDeno.requests
		.filter(({ path }) => path === "/v1/traces")
		.flatMap(({ body }) => JSON.parse(body).resourceSpans)
		.flatMap(({ scopeSpans }) => scopeSpans)
		.flatMap(({ spans }) => spans);
}

it("where Deno traces, its server span is continued: no second one, no second header, and one trace", async () => {
	const traceId = "0af7651916cd43dd8448eb211c80319c";
	const answer = await fetch(
		`http://127.0.0.1:${child.announced.port}/shop/work`,
		{
			headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
		},
	);
	expect(answer.status).toBe(200);
	await expect
		.poll(() =>
			receiver
				.spans()
				.map(({ name }) => name)
				.sort(),
		)
		.toEqual(["get_items", "rank", "whole"]);
	const inTrace = () => denoSpans().filter((span) => span.traceId === traceId);
	await expect
		.poll(
			() =>
				inTrace()
					.map(({ kind }) => kind)
					.sort(),
			{ timeout: 10_000 },
		)
		.toEqual([2, 3]);

	const server = inTrace().find(({ kind }) => kind === 2);
	const call = inTrace().find(({ kind }) => kind === 3);
	expect(server?.parentSpanId).toBe("b7ad6b7169203331");
	const query = receiver.spans().find(({ name }) => name === "get_items");
	expect(query).toMatchObject({ traceId, parentSpanId: server?.spanId });
	expect(call?.parentSpanId).toBe(server?.spanId);
	expect(backend.requests[0]?.headers.traceparent).toBe(
		`00-${traceId}-${call?.spanId}-01`,
	);
	expect(answer.headers.get("traceresponse")).toBe(
		`00-${traceId}-${server?.spanId}-01`,
	);
	const line = child.lines.find((text) => text.includes('"worked"'));
	expect(JSON.parse(line ?? "")).toMatchObject({
		trace_id: traceId,
		span_id: server?.spanId,
	});

	// The counts of the contract are ours; the standard's duration is Deno's.
	await expect
		.poll(() => receiver.total("adult_matching_edge_requests_total"))
		.toBe(1);
	expect(receiver.points("http.server.request.duration")).toEqual([]);
	expect(receiver.violations).toEqual([]);
});
