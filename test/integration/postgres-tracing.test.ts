import { createRequire } from "node:module";
import { trace } from "@opentelemetry/api";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { NodeSDK } from "@opentelemetry/sdk-node";
import {
	InMemorySpanExporter,
	SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PostgresServer } from "../support/postgres.ts";

const exporter = new InMemorySpanExporter();
const sdk = new NodeSDK({
	autoDetectResources: false,
	instrumentations: [new PgInstrumentation()],
	metricReaders: [],
	logRecordProcessors: [],
	spanProcessors: [new SimpleSpanProcessor({ exporter })],
});

// Loaded after the instrumentation, as it has to be to patch pg.
const { createPostgresCollector } = await import(
	"../../src/system/postgres/collector.ts"
);
const loadedByCollector = pgIsLoaded();
sdk.start();
const { startPostgres } = await import("../support/postgres.ts");

function pgIsLoaded(): boolean {
	const { cache } = createRequire(import.meta.url);
	return Object.keys(cache).some((path) => /node_modules\/pg\/lib/.test(path));
}

let server: PostgresServer;

beforeAll(async () => {
	server = await startPostgres();
});
afterAll(async () => {
	await server?.stop();
	await sdk.shutdown();
});

test("pg is not loaded before the first connection, so that it can be instrumented first", () => {
	expect(loadedByCollector).toBe(false);
	expect(pgIsLoaded()).toBe(true);
});

test("the monitor's own connecting and queries make no spans, even inside a trace", async () => {
	const client = await server.connect();
	exporter.reset();
	await client.query("SELECT 1");
	expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual([
		"pg.query:SELECT postgres",
	]);

	exporter.reset();
	const collector = createPostgresCollector({ url: server.url() });
	await trace.getTracer("test").startActiveSpan("a round", async (span) => {
		for (const _ of ["connects", "keeps"]) {
			const { problems } = await collector.collect(
				new AbortController().signal,
			);
			expect(problems).toEqual([]);
		}
		span.end();
	});
	await collector.close?.();
	expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual([
		"a round",
	]);
});
