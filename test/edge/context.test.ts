import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Backend, startBackend } from "./backend.ts";
import { type Child, startDeno, startNode } from "./child.ts";
import { OtlpReceiver } from "./otlp-receiver.ts";

interface Line {
	readonly message: string;
	readonly trace_id: string;
	readonly span_id: string;
	readonly context: { readonly userId?: string; readonly requestId: string };
}

describe.each([
	["Deno", startDeno],
	["Node", startNode],
])("concurrent requests under %s", (_, start) => {
	let receiver: OtlpReceiver;
	let backend: Backend;
	let child: Child;

	beforeAll(async () => {
		receiver = await OtlpReceiver.start();
		backend = await startBackend();
		child = await start("function.ts", {
			BACKEND: backend.url,
			MONITORING_TRACE_HOSTS: backend.url,
			OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
		});
	});
	afterAll(async () => {
		await child.stop();
		await backend.stop();
		await receiver.stop();
	});

	it("never mix: each line, span and outgoing call belongs to its own request", async () => {
		const users = Array.from({ length: 200 }, (_, step) => `user-${step}`);
		const stepOf = (user: string) => user.replace("user-", "");
		const traces = new Map<string, string>();
		await Promise.all(
			users.map(async (user) => {
				const url = `http://127.0.0.1:${child.announced.port}/shop/user?id=${user}&step=${stepOf(user)}`;
				const answer = await fetch(url, { headers: { "x-request-id": user } });
				expect(await answer.text()).toBe(user);
				const [, trace = ""] =
					answer.headers.get("traceresponse")?.split("-") ?? [];
				traces.set(user, trace);
			}),
		);
		expect(new Set(traces.values()).size).toBe(users.length);

		const servers = () => receiver.spans().filter(({ kind }) => kind === 2);
		await expect.poll(() => servers().length).toBe(users.length);
		const lines = child.lines
			.filter((line) => line.startsWith('{"level"'))
			.map((line): Line => JSON.parse(line));
		expect(lines).toHaveLength(3 * users.length);
		for (const { context, trace_id } of lines) {
			expect(context.requestId).toBe(context.userId);
			expect(trace_id).toBe(traces.get(context.userId ?? ""));
		}
		for (const { path, headers } of backend.requests) {
			const user = path.replace("/step/", "user-");
			expect(String(headers.traceparent)).toContain(traces.get(user));
		}
		expect(backend.requests).toHaveLength(users.length);
		for (const user of users) {
			const spans = receiver
				.spans()
				.filter(({ traceId }) => traceId === traces.get(user));
			expect(spans.map(({ name }) => name).sort()).toEqual([
				"GET",
				"GET shop",
				`step_${stepOf(user)}`,
			]);
			const server = spans.find(({ kind }) => kind === 2);
			for (const span of spans.filter((each) => each !== server)) {
				expect(span.parentSpanId).toBe(server?.spanId);
			}
		}
	});

	it("share flushes, and more series than 200 become other", async () => {
		const prefix = "adult_matching_edge";
		const answered = () =>
			receiver.total(`${prefix}_requests_total`, { status: "200" });
		await expect.poll(answered, { timeout: 20_000 }).toBe(200);
		const metrics = receiver.requests.filter(
			({ path }) => path === "/v1/metrics",
		);
		expect(metrics.length).toBeLessThan(50);
		const keys = receiver
			.points()
			.map(({ name, attributes }) => JSON.stringify([name, attributes]));
		const isOther = (key: string) => key.includes("other");
		const named = new Set(keys.filter((key) => !isOther(key)));
		expect(named.size).toBeGreaterThanOrEqual(150);
		expect(named.size).toBeLessThanOrEqual(200);
		const durations = receiver
			.points()
			.filter(({ name }) => /_edge_(db_step_.*|other)_duration_ms$/.test(name));
		const sum = durations.reduce((all, { count }) => all + (count ?? 0), 0);
		expect(sum).toBe(200);
		expect(receiver.total(`${prefix}_other_duration_ms`)).toBeGreaterThan(0);
		expect(receiver.total(`${prefix}_db_operations_total`)).toBe(200);
	});
});
