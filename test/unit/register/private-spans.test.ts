import {
	type Attributes,
	ROOT_CONTEXT,
	SpanStatusCode,
	trace,
} from "@opentelemetry/api";
import {
	InMemorySpanExporter,
	type ReadableSpan,
	SimpleSpanProcessor,
	TracerProvider,
} from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { keepPrivate } from "../../../src/register/private-spans.ts";

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({
	spanProcessors: [
		new SimpleSpanProcessor({ exporter: keepPrivate(exporter) }),
	],
});

/** What an exporter gets of a span. */
async function exported(
	attributes: Attributes,
	error?: Error,
	scope = "app",
): Promise<ReadableSpan> {
	exporter.reset();
	const span = provider.getTracer(scope).startSpan("work", { attributes });
	if (error) {
		span.recordException(error);
		span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
	}
	span.end();
	await provider.forceFlush();
	const [first] = exporter.getFinishedSpans();
	if (first === undefined) throw new Error("no span was exported");
	return first;
}

test("addresses, user agents, queries and headers are left out, and the rest stays", async () => {
	const { attributes } = await exported({
		"client.address": "203.0.113.7",
		"network.peer.address": "203.0.113.7",
		"network.peer.port": 4711,
		"user_agent.original": "curl",
		"url.query": "a=b",
		"http.request.header.cookie": ["session=1"],
		"http.response.header.set-cookie": ["session=1"],
		"http.route": "/users/:id",
		"app.flags": ["a", "b"],
		"app.count": 3,
	});
	expect(attributes).toEqual({
		"http.route": "/users/:id",
		"app.flags": ["a", "b"],
		"app.count": 3,
	});
});

test.each([
	["https://shop.example/a/b?token=1#top", "https://shop.example/a/b"],
	["https://user:password@shop.example/a", "https://shop.example/a"],
	["https://shop.example/@handle", "https://shop.example/@handle"],
	["https://shop.example?a=\n1", "https://shop.example"],
])("of the URL %j stays %j", async (url, rest) => {
	const { attributes } = await exported({ "url.full": url, "http.url": url });
	expect(attributes).toEqual({ "url.full": rest, "http.url": rest });
});

test("a statement has no values", async () => {
	const { attributes } = await exported({
		"db.query.text": "SELECT 'x'",
		"db.statement": "SELECT 2",
	});
	expect(attributes).toEqual({
		"db.query.text": "SELECT ?",
		"db.statement": "SELECT ?",
	});
});

test("an error keeps its type and its places, not its message", async () => {
	class Refused extends Error {
		override name = "Refused";
	}
	const error = new Refused("no such user: canary\n  at canary\ncanary");
	const { status, events } = await exported({}, error);
	expect(status).toEqual({ code: SpanStatusCode.ERROR });
	expect(events).toHaveLength(1);
	const [event] = events;
	expect(event?.attributes).toEqual({
		"exception.type": "Refused",
		"exception.stacktrace": expect.stringMatching(/^ {4}at .*private-spans/),
	});
	expect(JSON.stringify(event)).not.toContain("canary");
});

test("what instrumentation-pg says of an error stays, as it has only the SQLSTATE", async () => {
	const { events } = await exported(
		{},
		new Error("code: 22P02"),
		"@opentelemetry/instrumentation-pg",
	);
	expect(events[0]?.attributes).toMatchObject({
		"exception.message": "code: 22P02",
	});
});

test("everything else of a span is the same", async () => {
	const parent = provider.getTracer("app").startSpan("parent");
	exporter.reset();
	const link = { context: parent.spanContext() };
	provider
		.getTracer("app", "1.2.3")
		.startSpan("child", { links: [link] }, trace.setSpan(ROOT_CONTEXT, parent))
		.end();
	await provider.forceFlush();
	const [child] = exporter.getFinishedSpans();
	expect(child).toMatchObject({
		name: "child",
		ended: true,
		parentSpanContext: parent.spanContext(),
		links: [link],
		instrumentationScope: { name: "app", version: "1.2.3" },
		droppedAttributesCount: 0,
	});
	expect(child?.spanContext().traceId).toBe(parent.spanContext().traceId);
});
