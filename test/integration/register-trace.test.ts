import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	fixture,
	InstrumentedServer,
	sendingTo,
} from "../support/instrumented-server.ts";
import { OtlpReceiver, type ReceivedSpan } from "../support/otlp-receiver.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { waitFor } from "../support/wait-for.ts";

const caller = {
	traceId: "0af7651916cd43dd8448eb211c80319c",
	spanId: "b7ad6b7169203331",
};

let postgres: PostgresServer;

beforeAll(async () => {
	postgres = await startPostgres();
});
afterAll(() => postgres.stop());

describe.each(["backend.cjs", "backend.mjs"])(
	"a request that goes by %s",
	(file) => {
		const receiver = new OtlpReceiver();
		let backend: InstrumentedServer;
		let gateway: InstrumentedServer;
		let server: ReceivedSpan;
		let client: ReceivedSpan;
		let backendServer: ReceivedSpan;
		let query: ReceivedSpan;

		beforeAll(async () => {
			const sending = sendingTo(await receiver.start());
			backend = new InstrumentedServer(fixture(file), {
				...sending,
				OTEL_SERVICE_NAME: "backend",
				DATABASE_URL: postgres.url(),
			});
			await backend.get("/health");
			gateway = new InstrumentedServer(fixture("gateway.mjs"), {
				...sending,
				OTEL_SERVICE_NAME: "gateway",
				BACKEND_URL: await backend.url(),
			});
			await gateway.get("/", {
				headers: { traceparent: `00-${caller.traceId}-${caller.spanId}-01` },
			});
			const span = (service: string, kind: number, path?: string) =>
				waitFor(() =>
					receiver.spans.find(
						(each) =>
							each.service === service &&
							each.kind === kind &&
							(!path || String(each.attributes["url.full"]).endsWith(path)),
					),
				);
			server = await span("gateway", 2);
			client = await span("gateway", 3, "/items/7");
			backendServer = await span("backend", 2);
			query = await span("backend", 3);
		});
		afterAll(async () => {
			await gateway.kill();
			await backend.kill();
			await receiver.stop();
		});

		test("is one trace from the caller to the SQL statement, with the right parents", () => {
			expect(
				[server, client, backendServer, query].map((span) => span.traceId),
			).toEqual(Array(4).fill(caller.traceId));
			expect(server.parentSpanId).toBe(caller.spanId);
			expect(client.parentSpanId).toBe(server.spanId);
			expect(backendServer.parentSpanId).toBe(client.spanId);
			expect(query.parentSpanId).toBe(backendServer.spanId);
		});

		test("has the statement, named and with its parameters' places only", () => {
			expect(query.name).toBe("pg.query:SELECT postgres");
			expect(query.attributes).toMatchObject({
				"db.system.name": "postgresql",
				"db.query.text": "SELECT $1::text AS name",
			});
		});

		test("leaves its ids at top level in the log lines of both processes", () => {
			expect(gateway.lines()).toEqual([
				{
					level: "INFO",
					message: "asked",
					data: { bytes: 0 },
					context: { functionName: "gateway", timestamp: expect.any(String) },
					trace_id: caller.traceId,
					span_id: server.spanId,
				},
			]);
			expect(backend.lines()).toEqual([
				expect.objectContaining({
					msg: "looking",
					trace_id: caller.traceId,
					span_id: backendServer.spanId,
				}),
			]);
		});

		test("is all there is: a health check, and the query that it makes, leave no trace", () => {
			expect(new Set(receiver.spans.map(({ traceId }) => traceId))).toEqual(
				new Set([caller.traceId]),
			);
			expect(
				receiver.spans.filter(({ service }) => service === "backend"),
			).toHaveLength(2);
		});

		test("is measured under the contract's names and the standard's", async () => {
			const labels = { method: "POST", endpoint: "/items/:id" };
			const inBackend = (name: string) =>
				receiver.points(name).filter(({ service }) => service === "backend");
			await waitFor(
				() => inBackend("adult_matching_requests_total").length > 0,
			);
			expect(inBackend("adult_matching_requests_total")).toEqual([
				expect.objectContaining({
					value: 1,
					attributes: { ...labels, status: "200" },
				}),
			]);
			expect(inBackend("adult_matching_request_duration_seconds")).toEqual([
				expect.objectContaining({
					value: 1,
					unit: "s",
					attributes: labels,
					bounds: expect.arrayContaining([2, 5]),
				}),
			]);
			expect(inBackend("http.server.request.duration")).toEqual([
				expect.objectContaining({
					value: 1,
					attributes: expect.objectContaining({
						"http.request.method": "POST",
						"http.route": "/items/:id",
						"http.response.status_code": 200,
					}),
				}),
			]);
			for (const name of [
				"http.client.request.duration",
				"db.client.operation.duration",
				"db.client.connection.count",
				"nodejs.eventloop.delay.p99",
				"v8js.gc.duration",
				"v8js.memory.heap.used",
			]) {
				await waitFor(() => receiver.points(name).length > 0);
			}
		});

		test("counts the calls that it led to, not those of health checks and exports", async () => {
			const ports = () =>
				new Set(
					receiver
						.points("http.client.request.duration")
						.map(({ attributes }) => attributes["server.port"]),
				);
			// Each process sends its own in its own time.
			await waitFor(() => ports().size > 1);
			const { port } = new URL(await backend.url());
			expect(ports()).toEqual(new Set([Number(port), 2]));
		});

		test("says nothing", () => {
			for (const each of [gateway, backend]) {
				expect(each.stderrBesidesCollector()).toBe("");
			}
		});
	},
);
