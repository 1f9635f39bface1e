import { ROOT_CONTEXT, SpanStatusCode, trace } from "@opentelemetry/api";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { NodeSDK } from "@opentelemetry/sdk-node";
import {
	InMemorySpanExporter,
	SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ReadOnlyDatabase } from "../../src/postgres/read-only-database.ts";
import type { PostgresServer } from "../support/postgres.ts";

const exporter = new InMemorySpanExporter();
const sdk = new NodeSDK({
	autoDetectResources: false,
	instrumentations: [new PgInstrumentation()],
	metricReaders: [],
	logRecordProcessors: [],
	spanProcessors: [new SimpleSpanProcessor({ exporter })],
});
sdk.start();

// Loaded after the instrumentation, as it has to be to patch pg.
const { startPostgres } = await import("../support/postgres.ts");
const { parseAddress } = await import("../../src/config/database-address.ts");
const { createSourceReader } = await import(
	"../../src/integration/values/source-reader.ts"
);
const readOnly = await import("../../src/postgres/read-only-database.ts");

let server: PostgresServer;
let database: ReadOnlyDatabase;

beforeAll(async () => {
	server = await startPostgres();
	database = new readOnly.ReadOnlyDatabase(parseAddress(server.url()));
});
beforeEach(() => exporter.reset());
afterAll(async () => {
	await database?.close();
	await server?.stop();
	await sdk.shutdown();
});

const signal = new AbortController().signal;

const reader = (sql: string) =>
	createSourceReader(
		"orders",
		{ sql, timeout: 10 },
		{
			database,
			request: () => Promise.reject(new Error("nothing is requested here")),
			failedAssertion: () => undefined,
		},
	);

test("reads make no spans of their own, even inside a trace and where they wait for others", async () => {
	const read = () =>
		database.read("SELECT 1", { timeout: 10, signal, maxRows: 1 });
	await trace.getTracer("test").startActiveSpan("a round", async (span) => {
		await Promise.all([read(), read(), read(), read()]);
		span.end();
	});
	expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual([
		"a round",
	]);
});

test("a reading is a trace of its own, without the query", async () => {
	const reading = await trace
		.getTracer("test")
		.startActiveSpan("outer", async (span) => {
			const read = await reader("SELECT 12345")(signal);
			span.end();
			return read;
		});
	const [span, outer] = exporter.getFinishedSpans();
	expect(outer?.name).toBe("outer");
	expect(span?.name).toBe("sql orders");
	expect(span?.parentSpanContext).toBeUndefined();
	expect(span?.spanContext().traceId).toBe(reading.traceId);
	expect(span?.attributes).toEqual({ "db.system.name": "postgresql" });
	expect(reading.outcome).toEqual({
		kind: "value",
		value: { kind: "number", value: 12345 },
	});
	expect(reading.clockSkew).toBeDefined();
});

test("a reading is a part of the trace that it is given", async () => {
	const parent = trace.getTracer("test").startSpan("flow");
	const reading = await reader("SELECT 1")(
		signal,
		trace.setSpan(ROOT_CONTEXT, parent),
	);
	parent.end();
	const [span] = exporter.getFinishedSpans();
	expect(span?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
	expect(reading.traceId).toBe(parent.spanContext().traceId);
});

test("a reading that fails says so in its span", async () => {
	const { outcome, traceId } = await reader("SELECT * FROM nowhere")(signal);
	const reason =
		'the query asks for a table that is not there: correct its name, or write its schema before it (relation "nowhere" does not exist)';
	expect(outcome).toEqual({ kind: "failure", reason });
	const [span] = exporter.getFinishedSpans();
	expect(span?.status).toEqual({
		code: SpanStatusCode.ERROR,
		message: reason,
	});
	expect(span?.attributes["error.type"]).toBe("42P01");
	expect(span?.spanContext().traceId).toBe(traceId);

	const twoRows = await reader("VALUES (1), (2)")(signal);
	expect(twoRows.outcome.kind).toBe("failure");
	const unread = exporter.getFinishedSpans()[1];
	expect(unread?.attributes["error.type"]).toBe("Unreadable");
});
