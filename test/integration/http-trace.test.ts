import { get } from "node:http";
import { createRequire, syncBuiltinESMExports } from "node:module";
import {
	type Context,
	ROOT_CONTEXT,
	SpanKind,
	SpanStatusCode,
	trace,
} from "@opentelemetry/api";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { NodeSDK } from "@opentelemetry/sdk-node";
import {
	InMemorySpanExporter,
	type Sampler,
	SamplingDecision,
	SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { tracedRequest } from "../../src/integration/http/traced-request.ts";
import { freePort } from "../support/free-port.ts";
import { httpRequest, LyingServer } from "../support/lying-server.ts";

const exporter = new InMemorySpanExporter();
let decision = SamplingDecision.RECORD_AND_SAMPLED;
const sampler: Sampler = {
	shouldSample: () => ({ decision }),
	toString: () => "as the test says",
};
const sdk = new NodeSDK({
	autoDetectResources: false,
	instrumentations: [new HttpInstrumentation()],
	metricReaders: [],
	logRecordProcessors: [],
	sampler,
	spanProcessors: [new SimpleSpanProcessor({ exporter })],
});

let traceparent: string | undefined;
let server: LyingServer;
let origin: string;

beforeAll(async () => {
	sdk.start();
	// What instrumentation does when node:http is first required, and what its loader does for imports.
	createRequire(import.meta.url)("node:http");
	syncBuiltinESMExports();
	server = new LyingServer((socket) => {
		socket.once("data", (data) => {
			[, traceparent] = /^traceparent: (.*)\r$/im.exec(data.toString()) ?? [];
			const status = data.toString().includes("GET /missing") ? 404 : 200;
			socket.end(`HTTP/1.1 ${status} \r\ncontent-length: 0\r\n\r\n`);
		});
	});
	origin = await server.start();
});
beforeEach(() => {
	exporter.reset();
	decision = SamplingDecision.RECORD_AND_SAMPLED;
	traceparent = undefined;
});
afterAll(async () => {
	await server.close();
	await sdk.shutdown();
});

const ask = (url: string, parent?: Context) =>
	tracedRequest(
		"probe api",
		httpRequest(url),
		parent,
		new AbortController().signal,
	);

const spans = () => exporter.getFinishedSpans();

test("a request is one span, the root of a trace that its server is given to continue", async () => {
	const url = new URL(`${origin}/path?key=secret`);
	url.username = "me";
	url.password = "secret";
	// Whoever asks may be inside another trace, which is none of the component's business.
	const { result, traceId } = await trace
		.getTracer("test")
		.startActiveSpan("a round", (span) =>
			ask(url.href).finally(() => span.end()),
		);
	expect(result).toMatchObject({ kind: "answer", status: 200 });
	expect(spans().map(({ name }) => name)).toEqual(["probe api", "a round"]);
	const [span] = spans();
	expect(span).toMatchObject({
		kind: SpanKind.CLIENT,
		status: { code: SpanStatusCode.UNSET },
		attributes: {
			"http.request.method": "GET",
			"http.response.status_code": 200,
			"server.address": "127.0.0.1",
			"server.port": Number(url.port),
			"url.full": `${origin}/path`,
		},
	});
	expect(span?.parentSpanContext).toBeUndefined();
	expect(span?.events.map(({ name }) => name)).toEqual([
		"connect end",
		"first_byte end",
		"transfer end",
	]);
	const own = span?.spanContext();
	expect(traceId).toBe(own?.traceId);
	expect(traceparent).toBe(`00-${own?.traceId}-${own?.spanId}-01`);
	expect(JSON.stringify(span?.attributes)).not.toContain("secret");
});

test("instrumentation makes spans of other requests, so that it would have of these", async () => {
	await new Promise((resolve) => get(origin, resolve));
	await expect.poll(() => spans().map(({ name }) => name)).toEqual(["GET"]);
});

test("a request inside another span is a part of it", async () => {
	const parent = trace.getTracer("test").startSpan("a flow");
	const { traceId } = await ask(origin, trace.setSpan(ROOT_CONTEXT, parent));
	parent.end();
	const [span] = spans();
	expect(traceId).toBe(parent.spanContext().traceId);
	expect(span?.parentSpanContext).toEqual(parent.spanContext());
	expect(traceparent).toContain(traceId);
});

test("a status from 400 on is an error", async () => {
	await ask(`${origin}/missing`);
	expect(spans()).toMatchObject([
		{
			status: { code: SpanStatusCode.ERROR },
			attributes: { "http.response.status_code": 404, "error.type": "404" },
		},
	]);
});

test("a failure is an error, with its reason", async () => {
	await ask(`http://127.0.0.1:${await freePort()}`);
	expect(spans()).toMatchObject([
		{
			status: {
				code: SpanStatusCode.ERROR,
				message: "refused the connection (ECONNREFUSED)",
			},
			attributes: { "error.type": "ECONNREFUSED" },
		},
	]);
	exporter.reset();
	await ask("nothing");
	expect(spans()).toMatchObject([
		{ attributes: { "error.type": "invalid_url" } },
	]);
});

test("a trace that nobody keeps has no id to be found by", async () => {
	decision = SamplingDecision.NOT_RECORD;
	const { traceId, result } = await ask(origin);
	expect(result).toMatchObject({ status: 200 });
	expect(traceId).toBeUndefined();
	expect(traceparent).toMatch(/-00$/);
	expect(spans()).toEqual([]);
});
