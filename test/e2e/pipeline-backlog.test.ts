import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cumulativeCount, edgeRequests } from "../support/stack/requests.ts";
import { isStackMissing, TestStack } from "../support/stack.ts";
import { waitFor } from "../support/wait-for.ts";

const minute = 60_000;
/** One every 15 s, for an hour and a little. */
const samples = 4 * 65;

let stack: TestStack;

async function send(signal: "traces" | "metrics", body: string): Promise<void> {
	const response = await fetch(`${stack.urls.otlp}/v1/${signal}`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body,
	});
	expect(response.status, await response.text()).toBe(200);
}

describe.skipIf(isStackMissing)("an hour's backlog", () => {
	beforeAll(async () => {
		stack = await TestStack.start();
	}, 60_000);
	afterAll(async () => {
		await stack?.end();
	});

	test("drains into Tempo and Prometheus, though newer samples are there already, and nothing of it is rejected", async () => {
		const { sink, prometheus, collector } = stack.programs;
		await Promise.all([sink.end("SIGKILL"), prometheus.end("SIGKILL")]);
		const end = Date.now();
		const start = end - (samples / 4) * minute;
		const acknowledged: string[] = [];
		for (let each = 1; each <= samples; each++) {
			const time = start + (each * minute) / 4;
			await send("metrics", cumulativeCount("steady_total", each, start, time));
			const { traces, spanIds } = edgeRequests(25, time);
			await send("traces", traces);
			acknowledged.push(...spanIds);
		}
		await collector.end();
		await Promise.all([sink.start(), prometheus.start()]);
		// Prometheus has newer samples of its own before the old ones come.
		await waitFor(
			async () => (await stack.value('up{job="prometheus"}')) === 1,
			40,
		);
		await collector.start();
		await waitFor(async () => {
			const spans = await stack.sinkSpans();
			return acknowledged.every((id) => spans.has(id));
		}, 60);
		const count = "count_over_time(steady_total[3h])";
		// One more than was sent: the zero that it began with.
		await waitFor(async () => ((await stack.value(count)) ?? 0) >= samples, 60);
		const rejected =
			/dropping|not retryable|permanent|out.of.order|too old|out of bounds/i;
		const lines = `${collector.log()}${prometheus.log()}`.split("\n");
		// A collector that is stopped calls it dropped, what it leaves in its queue on disk.
		const stopped = /interrupted due to shutdown/;
		expect(
			lines.filter((line) => rejected.test(line) && !stopped.test(line)),
		).toEqual([]);
	}, 180_000);
});
