import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { MountNamespace } from "../fixtures/mount-namespace.ts";
import { temporaryFolder } from "../support/monitor-process.ts";
import { samplesOf } from "../support/prometheus-text.ts";
import { edgeRequests } from "../support/stack/requests.ts";
import { isStackMissing, TestStack } from "../support/stack.ts";
import { waitFor } from "../support/wait-for.ts";

let stack: TestStack | undefined;
let namespace: MountNamespace | undefined;

afterEach(async () => {
	await stack?.end();
	await namespace?.end();
	stack = undefined;
	namespace = undefined;
});

async function send(traces: string): Promise<Response> {
	return await fetch(`${stack?.urls.otlp}/v1/traces`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: traces,
	});
}

/** Sends until the collector refuses; gives what it has taken, and its answer. */
async function fill() {
	const acknowledged: string[] = [];
	for (let sent = 0; sent < 2000; sent++) {
		const { traces, spanIds } = edgeRequests(50);
		const response = await send(traces);
		if (!response.ok) return { acknowledged, status: response.status };
		await response.arrayBuffer();
		acknowledged.push(...spanIds);
	}
	throw new Error("nothing was refused");
}

/** What the collector tells of itself, summed over what it tells it of. */
async function collectorMetric(name: string): Promise<number> {
	const text = await (
		await fetch(`${stack?.urls.collectorMetrics}/metrics`)
	).text();
	return samplesOf(text)
		.filter((sample) => sample.name.startsWith(name))
		.reduce((sum, { value }) => sum + value, 0);
}

async function everythingArrives(acknowledged: readonly string[]) {
	await waitFor(async () => {
		const spans = await stack?.sinkSpans();
		return acknowledged.every((id) => spans?.has(id));
	}, 60);
}

async function takesAgain() {
	const { traces, spanIds } = edgeRequests(50);
	await waitFor(async () => (await send(traces)).ok, 60);
	await everythingArrives(spanIds);
}

describe.skipIf(isStackMissing)("what the collector can't keep", () => {
	test("is refused to its sender when the queue is full, to be sent again, and what was taken arrives", async () => {
		stack = await TestStack.start({ environment: { QUEUE_BYTES: "2000000" } });
		await stack.programs.sink.end("SIGKILL");
		const { acknowledged, status } = await fill();
		expect(status).toBe(503);
		expect(
			await collectorMetric("otelcol_exporter_enqueue_failed_spans"),
		).toBeGreaterThan(0);
		await stack.programs.sink.start();
		await everythingArrives(acknowledged);
		await takesAgain();
	}, 120_000);

	test.skipIf(process.platform !== "linux" || process.getuid?.() !== 0)(
		"is refused to its sender when the disk is full, and what was taken arrives",
		async () => {
			namespace = await MountNamespace.create();
			const folder = temporaryFolder();
			const queues = join(folder, "collector");
			mkdirSync(queues);
			namespace.run("mount", "-t", "tmpfs", "-o", "size=6m", "none", queues);
			const [program, options] = namespace.command();
			stack = await TestStack.start({
				folder,
				collectorRunner: [program, ...options],
			});
			await stack.programs.sink.end("SIGKILL");
			const { acknowledged, status } = await fill();
			expect(status).toBeGreaterThanOrEqual(500);
			expect(
				await collectorMetric("otelcol_exporter_enqueue_failed_spans"),
			).toBeGreaterThan(0);
			expect(stack.programs.collector.log()).toContain("no space left");
			await stack.programs.sink.start();
			await everythingArrives(acknowledged);
			await takesAgain();
		},
		120_000,
	);
});
