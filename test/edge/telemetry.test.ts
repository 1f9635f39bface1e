import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { edgeMetrics } from "../../src/metrics/edge.ts";
import type { Metric } from "../../src/metrics/metric.ts";
import { type Backend, startBackend } from "./backend.ts";
import { type Child, startDeno, startNode } from "./child.ts";
import type { Span } from "./otlp-json.ts";
import { OtlpReceiver } from "./otlp-receiver.ts";

describe.each([
	["Deno", startDeno],
	["Node", startNode],
])("what a function sends, under %s", (_, start) => {
	let receiver: OtlpReceiver;
	let backend: Backend;
	let child: Child;

	beforeAll(async () => {
		receiver = await OtlpReceiver.start();
		backend = await startBackend();
		child = await start("function.ts", {
			BACKEND: backend.url,
			MONITORING_TRACE_HOSTS: backend.url,
			OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/`,
			OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20abc,x-tenant=a",
			OTEL_LOGS_EXPORTER: "otlp",
			OTEL_RESOURCE_ATTRIBUTES: "team=recommendations",
			ENVIRONMENT: "test",
			SB_REGION: "eu-west-1",
			SB_EXECUTION_ID: "isolate-1",
			DENO_DEPLOYMENT_ID: "shop_7",
		});
	});
	afterAll(async () => {
		await child.stop();
		await backend.stop();
		await receiver.stop();
	});

	function ask(path: string, headers: Record<string, string> = {}) {
		const url = `http://127.0.0.1:${child.announced.port}${path}`;
		return fetch(url, { headers });
	}

	/** The spans of a trace, once its server span has arrived. */
	async function traceOf(traceId: string): Promise<Span[]> {
		const spans = () =>
			receiver.spans().filter((span) => span.traceId === traceId);
		await expect
			.poll(() => spans().some(({ kind }) => kind === 2), { timeout: 5000 })
			.toBe(true);
		return spans();
	}

	it("one trace from the caller to the backend, with parents right", async () => {
		const traceId = "0af7651916cd43dd8448eb211c80319c";
		const before = BigInt(Date.now()) * 1_000_000n;
		const answer = await ask("/functions/v1/shop/work?token=canary", {
			traceparent: `00-${traceId}-b7ad6b7169203331-01`,
			tracestate: "vendor=1",
			"x-request-id": "request-1",
		});
		expect(await answer.json()).toEqual([1]);

		const spans = await traceOf(traceId);
		const [server, whole, query, call, rank] = [
			"GET shop",
			"whole",
			"get_items",
			"GET",
			"rank",
		].map((name) => spans.find((span) => span.name === name));
		expect(spans).toHaveLength(5);
		expect(server).toMatchObject({
			kind: 2,
			parentSpanId: "b7ad6b7169203331",
			traceState: "vendor=1",
			// Sampled; its parent is known to be elsewhere.
			flags: 0x301,
		});
		for (const child of [whole, query, rank]) {
			expect(child?.parentSpanId).toBe(server?.spanId);
			expect(child?.flags).toBe(0x101);
		}
		expect(call).toMatchObject({ kind: 3, parentSpanId: query?.spanId });
		const [asked] = backend.requests;
		expect(asked?.headers).toMatchObject({
			traceparent: `00-${traceId}-${call?.spanId}-01`,
			tracestate: "vendor=1",
		});
		for (const { startTimeUnixNano, endTimeUnixNano } of spans) {
			const [start, end] = [BigInt(startTimeUnixNano), BigInt(endTimeUnixNano)];
			expect(start >= before - 1_000_000n && end >= start).toBe(true);
			expect(end <= BigInt(Date.now() + 1) * 1_000_000n).toBe(true);
		}
	});

	it("attributes by the semantic conventions, with the cold start told once", async () => {
		const spans = receiver.spans();
		const server = spans.find(({ name }) => name === "GET shop");
		expect(server?.attributes).toEqual({
			"http.request.method": "GET",
			"url.scheme": "http",
			"url.path": "/functions/v1/shop/work",
			"http.response.status_code": 200,
			"faas.trigger": "http",
			"faas.coldstart": true,
			"faas.invocation_id": "request-1",
			time_to_first_byte: expect.any(Number),
		});
		expect(server?.resource).toMatchObject({
			"service.name": "shop",
			"faas.name": "shop",
			"faas.instance": "isolate-1",
			"faas.version": "shop_7",
			"cloud.region": "eu-west-1",
			"deployment.environment.name": "test",
			"service.instance.id": expect.stringMatching(/^[0-9a-f-]{36}$/),
			team: "recommendations",
		});
		const query = spans.find(({ name }) => name === "get_items");
		expect(query).toMatchObject({
			kind: 3,
			attributes: {
				"db.system.name": "postgresql",
				"db.query.summary": "get_items",
			},
		});
		const call = spans.find(({ name }) => name === "GET");
		expect(call?.attributes).toEqual({
			"http.request.method": "GET",
			"http.response.status_code": 200,
			"server.address": "127.0.0.1",
			"server.port": Number(new URL(backend.url).port),
			"url.full": `${backend.url}/rows`,
		});
		const later = await ask("/shop/text");
		const trace = later.headers.get("traceresponse")?.split("-")[1] ?? "";
		const [next] = await traceOf(trace);
		expect(next?.attributes["faas.coldstart"]).toBe(false);
	});

	it("the contract's metrics, as deltas with exemplars, as the catalogue declares them", async () => {
		await ask("/shop/supabaseError");
		await ask("/shop/failInside");
		await ask("/shop/health");
		await expect
			.poll(() => receiver.total("http.server.request.duration"))
			.toBe(5);
		const total = (name: string, labels = {}) =>
			receiver.total(`adult_matching_edge_${name}`, labels);
		const all = { function: "shop" };
		expect(total("requests_total", { ...all, status: "200" })).toBe(3);
		expect(total("requests_total", { ...all, status: "409" })).toBe(1);
		expect(total("requests_total", { ...all, status: "500" })).toBe(1);
		expect(total("request_processing_duration_ms", all)).toBe(5);
		expect(
			total("responses_total", { status: "200", status_class: "2xx" }),
		).toBe(3);
		expect(
			total("responses_total", { status: "409", status_class: "4xx" }),
		).toBe(1);
		expect(total("errors_total", { ...all, error_type: "RangeError" })).toBe(1);
		expect(total("errors_total", { ...all, error_type: "23505" })).toBe(1);
		expect(total("errors_total")).toBe(2);
		expect(
			total("db_operations_total", {
				operation: "get_items",
				status: "success",
			}),
		).toBe(1);
		expect(
			total("db_operations_total", { operation: "insert", status: "error" }),
		).toBe(1);
		expect(
			total("ml_operations_total", {
				operation: "rank",
				status: "success",
				model_version: "two_tower_768",
			}),
		).toBe(1);
		expect(total("ml_operations_total", { status: "error" })).toBe(1);
		expect(total("db_get_items_duration_ms")).toBe(1);
		expect(total("ml_rank_duration_ms")).toBe(2);
		expect(total("whole_duration_ms")).toBe(1);
		expect(total("items_served_total")).toBe(3);
		expect(total("payload", { format: "json" })).toBe(1);
		expect(total("user_actions_total", { action: "browse" })).toBe(1);
		expect(total("health_checks_total", { status: "healthy" })).toBe(1);
		expect(receiver.violations).toEqual([]);

		const spanIds = () => new Set(receiver.spans().map(({ spanId }) => spanId));
		const exemplars = receiver.points().flatMap((point) => point.exemplars);
		// Traces come by a request of their own.
		await expect
			.poll(() => exemplars.filter(({ spanId }) => !spanIds().has(spanId)))
			.toEqual([]);
		for (const point of receiver.points()) {
			expect(point.time > point.start).toBe(true);
			expect(point.exemplars.length).toBeGreaterThan(0);
			const declared = declarationOf(point.name);
			if (!declared) continue;
			const labels = Object.keys(declared.labels ?? {});
			expect(point.kind).toBe(declared.kind);
			expect(point.bounds).toEqual(declared.buckets);
			expect(point.unit).toBeUndefined();
			expect(labels).toEqual(
				expect.arrayContaining(Object.keys(point.attributes)),
			);
		}
	});

	it("the standard's duration in seconds, with the standard's attributes", () => {
		const [point] = receiver.points("http.server.request.duration");
		expect(point).toMatchObject({
			unit: "s",
			attributes: {
				"http.request.method": "GET",
				"url.scheme": "http",
				"http.response.status_code": 200,
				"faas.name": "shop",
			},
		});
	});

	it("an error's type and places, but not its message, and the answer that the runtime gives", async () => {
		const answer = await ask("/shop/throw");
		expect(answer.status).toBe(500);
		await expect
			.poll(() =>
				receiver
					.spans()
					.some(({ attributes }) => attributes["error.type"] === "TypeError"),
			)
			.toBe(true);
		const span = receiver
			.spans()
			.find(({ attributes }) => attributes["error.type"] === "TypeError");
		expect(span?.status).toEqual({ code: 2 });
		const [event] = span?.events ?? [];
		expect(event).toMatchObject({
			name: "exception",
			attributes: {
				"exception.type": "TypeError",
				"exception.stacktrace": expect.stringContaining("function.ts"),
			},
		});
		expect(JSON.stringify(span)).not.toContain("on purpose");
		const line = child.lines.find((text) => text.includes('"Request failed"'));
		expect(JSON.parse(line ?? "")).toMatchObject({
			level: "ERROR",
			data: { error: { name: expect.stringContaining("Error") } },
		});
	});

	it("an answer of 500 and above as an error, and one below not", async () => {
		await ask("/shop/status?code=503");
		await ask("/shop/status?code=404");
		const spanOf = (status: number) =>
			receiver
				.spans()
				.find(
					({ attributes, kind }) =>
						kind === 2 && attributes["http.response.status_code"] === status,
				);
		await expect.poll(() => spanOf(404)).toBeDefined();
		expect(spanOf(404)?.status).toBeUndefined();
		expect(spanOf(503)?.status).toEqual({ code: 2 });
		expect(spanOf(503)?.attributes["error.type"]).toBe("503");
		const errors = () =>
			receiver.total("adult_matching_edge_errors_total", { error_type: "503" });
		await expect.poll(errors).toBe(1);
	});

	it("the span of a stream when its body is at its end, not before", async () => {
		const answer = await ask("/shop/stream?which");
		const trace = answer.headers.get("traceresponse")?.split("-")[1] ?? "";
		const reader = answer.body?.getReader();
		await reader?.read();
		// The counts of the request are sent while its body goes on.
		const requests = () =>
			receiver.total("adult_matching_edge_requests_total", { status: "200" });
		await expect.poll(requests).toBeGreaterThan(3);
		const arrived = () =>
			receiver.spans().filter(({ traceId }) => traceId === trace);
		expect(arrived().filter(({ kind }) => kind === 2)).toEqual([]);
		backend.release();
		while (!(await reader?.read())?.done);
		const spans = await traceOf(trace);
		const server = spans.find(({ kind }) => kind === 2);
		const took =
			Number(
				BigInt(server?.endTimeUnixNano ?? 0) -
					BigInt(server?.startTimeUnixNano ?? 0),
			) / 1e9;
		expect(server?.attributes.time_to_first_byte).toBeLessThan(took);
	});

	it("the span of HEAD at once, though the body that it leaves out is never read", async () => {
		const url = `http://127.0.0.1:${child.announced.port}/shop/stream`;
		const answer = await fetch(url, { method: "HEAD" });
		const trace = answer.headers.get("traceresponse")?.split("-")[1] ?? "";
		const spans = await traceOf(trace);
		expect(spans.find(({ kind }) => kind === 2)?.name).toBe("HEAD shop");
		backend.release();
	});

	it("log records, because they were asked for, with the ids of their span", async () => {
		await expect
			.poll(() => receiver.logs().some(({ text }) => text === "worked"))
			.toBe(true);
		const record = receiver.logs().find(({ text }) => text === "worked");
		const server = receiver.spans().find(({ name }) => name === "GET shop");
		expect(record).toMatchObject({
			severityText: "INFO",
			severityNumber: 9,
			traceId: server?.traceId,
			spanId: server?.spanId,
			attributes: { "faas.invocation_id": "request-1" },
		});
		const line = child.lines.find((text) => text.includes('"worked"'));
		expect(JSON.parse(line ?? "")).toEqual({
			level: "INFO",
			message: "worked",
			data: { rows: [1], path: "/functions/v1/shop/work" },
			context: {
				requestId: "request-1",
				functionName: "shop",
				timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
			},
			trace_id: server?.traceId,
			span_id: server?.spanId,
		});
	});

	it("with the headers that are configured", () => {
		for (const { headers } of receiver.requests) {
			expect(headers).toMatchObject({
				authorization: "Bearer abc",
				"x-tenant": "a",
				"content-encoding": "gzip",
				"content-type": "application/json",
			});
		}
	});

	it("nothing more in a trace that the caller did not sample, but the counts", async () => {
		const traceId = "11111111111111111111111111111111";
		const before = receiver.total("adult_matching_edge_requests_total");
		const answer = await ask("/shop/text", {
			traceparent: `00-${traceId}-b7ad6b7169203331-00`,
		});
		expect(answer.headers.get("traceresponse")).toContain(traceId);
		await expect
			.poll(() => receiver.total("adult_matching_edge_requests_total"))
			.toBe(before + 1);
		const inSpans = receiver.spans().map((span) => span.traceId);
		const inExemplars = receiver
			.points()
			.flatMap(({ exemplars }) => exemplars.map((each) => each.traceId));
		expect([...inSpans, ...inExemplars]).not.toContain(traceId);
	});
});

const declared: readonly Metric[] = Object.values(edgeMetrics);

/** The declaration of a metric; of one that has an operation's name in it, that of its family. */
function declarationOf(sent: string): Metric | undefined {
	const name = sent
		.replace("adult_matching_", "")
		.replace(/_(db|ml)_\w+_duration_ms$/, "_$1_name_duration_ms")
		.replace("edge_whole_duration_ms", "edge_timer_duration_ms");
	const metric = declared.find((each) => each.name === name);
	const isOther =
		sent === "http.server.request.duration" ||
		/_edge_(items_served_total|payload)$/.test(sent);
	if (!metric && !isOther) throw new Error(`${sent} is not declared`);
	return metric;
}
