import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import {
	InMemorySpanExporter,
	type ReadableSpan,
	SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace";
import {
	afterAll,
	afterEach,
	beforeAll,
	beforeEach,
	describe,
	expect,
	test,
} from "vitest";
import { runOnce, secret } from "../unit/integration/flow/make-flow.ts";
import { Site } from "../unit/integration/flow/site.ts";

const exporter = new InMemorySpanExporter();
const sdk = new NodeSDK({
	autoDetectResources: false,
	instrumentations: [],
	metricReaders: [],
	logRecordProcessors: [],
	spanProcessors: [new SimpleSpanProcessor({ exporter })],
});
let site: Site;

beforeAll(() => sdk.start());
afterAll(() => sdk.shutdown());
beforeEach(async () => {
	exporter.reset();
	site = new Site();
	await site.start();
});
afterEach(() => site.stop());

const request = (path: string, method = "GET") => ({
	method,
	url: site.url(path),
});
const config = () => ({
	steps: [
		{ name: "create", request: request("/users?a=1", "POST") },
		{ name: "stored", sql: "SELECT 'private'", expect: "1" },
	],
	cleanup: [{ name: "remove", request: request("/users", "DELETE") }],
});
const database = async () => "1";

/** Each span behind its parent's name, as they ended. */
function tree(): string[] {
	const spans = exporter.getFinishedSpans();
	const nameOf = (id: string | undefined) =>
		spans.find((span) => span.spanContext().spanId === id)?.name;
	return spans.map(
		({ name, parentSpanContext }) =>
			`${nameOf(parentSpanContext?.spanId) ?? "-"} > ${name}`,
	);
}

function spanOf(name: string): ReadableSpan {
	const [span, ...others] = exporter
		.getFinishedSpans()
		.filter((each) => each.name === name);
	if (!span || others.length > 0) throw new Error(`not one ${name}`);
	return span;
}

describe("a run", () => {
	test("is one trace: a span for the flow, beneath it the steps, beneath them what they ask", async () => {
		const { traceId } = await runOnce(config(), { database });
		expect(tree()).toEqual([
			"step create > POST",
			"flow sign_up > step create",
			"step stored > sql stored",
			"flow sign_up > step stored",
			"step remove > DELETE",
			"flow sign_up > step remove",
			"- > flow sign_up",
		]);
		const spans = exporter.getFinishedSpans();
		const ids = spans.map((span) => span.spanContext().traceId);
		expect(new Set(ids)).toEqual(new Set([traceId]));
		const clients = spans.filter(({ kind }) => kind === SpanKind.CLIENT);
		expect(clients.map(({ name }) => name)).toEqual([
			"POST",
			"sql stored",
			"DELETE",
		]);
		for (const span of spans) {
			expect(span.status.code).toBe(SpanStatusCode.UNSET);
		}
	});

	test("is continued by the servers that it asks", async () => {
		const { traceId } = await runOnce(config(), { database });
		const { spanId } = spanOf("POST").spanContext();
		expect(site.seen[0]?.headers.traceparent).toBe(
			`00-${traceId}-${spanId}-01`,
		);
	});

	test("is another trace than the one before", async () => {
		const first = await runOnce(config(), { database });
		const second = await runOnce(config(), { database });
		expect(first.traceId).not.toBe(second.traceId);
	});

	test("shows no query of SQL or of a URL", async () => {
		await runOnce(config(), { database });
		expect(spanOf("sql stored").attributes).toEqual({
			"db.system.name": "postgresql",
		});
		const all = exporter.getFinishedSpans().map(({ attributes }) => attributes);
		expect(JSON.stringify(all)).not.toMatch(/private|a=1/);
	});

	test("has a span for each attempt of a step that waits", async () => {
		site.answer = () => ({ status: site.seen.length < 2 ? 404 : 200 });
		await runOnce({
			steps: [
				{
					name: "there",
					request: request("/"),
					wait_until: { timeout: 20, every: 0.1 },
				},
			],
		});
		expect(tree()).toEqual([
			"step there > GET",
			"step there > GET",
			"flow sign_up > step there",
			"- > flow sign_up",
		]);
		expect(spanOf("step there").status.code).toBe(SpanStatusCode.UNSET);
	});
});

test("a step that fails is an error with the reason, and so is its flow", async () => {
	site.answer = () => ({ status: 500, body: secret });
	await runOnce(config(), { database });
	const reason = "answered 500 instead of 2xx: ***";
	const errors = ["step create", "flow sign_up"].map((name) => {
		const { status, attributes } = spanOf(name);
		return { status, type: attributes["error.type"] };
	});
	const code = SpanStatusCode.ERROR;
	expect(errors).toEqual([
		{ status: { code, message: reason }, type: "500" },
		{ status: { code, message: `step "create": ${reason}` }, type: "500" },
	]);
});

test.each([
	["a wrong value", async () => "2", "expectation"],
	[
		"a query that fails",
		async () => {
			throw Object.assign(new Error("private"), { code: "42P01" });
		},
		"42P01",
	],
])("the type of the error is short: %s", async (_, reader, type) => {
	await runOnce(config(), { database: reader });
	expect(spanOf("step stored").attributes["error.type"]).toBe(type);
	expect(spanOf("flow sign_up").attributes["error.type"]).toBe(type);
	expect(spanOf("flow sign_up").status.message).not.toContain("private");
});
