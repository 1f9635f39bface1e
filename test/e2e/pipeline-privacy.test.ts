import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	canaryLogs,
	canaryMetrics,
	canaryTraces,
	forbidden,
} from "../support/stack/canaries.ts";
import { isStackMissing, TestStack } from "../support/stack.ts";
import { waitFor } from "../support/wait-for.ts";

let stack: TestStack;

async function send(
	signal: "traces" | "metrics" | "logs",
	body: unknown,
): Promise<void> {
	for (const endpoint of [stack.urls.otlp, stack.urls.edgeOtlp]) {
		const response = await fetch(`${endpoint}/v1/${signal}`, {
			method: "POST",
			headers: {
				"content-type": "application/json",
				authorization: `Bearer ${stack.programs.edgeToken}`,
			},
			body: JSON.stringify(body),
		});
		expect(response.status, await response.text()).toBe(200);
	}
}

/** The lines around what must not be there. */
function found(text: string): string[] {
	const all = new RegExp(`.{0,60}(?:${forbidden.source}).{0,20}`, "gi");
	return text.match(all) ?? [];
}

describe.skipIf(isStackMissing)(
	"secrets and personal data that come past the libraries",
	() => {
		beforeAll(async () => {
			stack = await TestStack.start();
		}, 60_000);
		afterAll(async () => {
			await stack?.end();
		});

		test("are stored nowhere, of no field, while what is beside them is", async () => {
			const traceId = randomBytes(16).toString("hex");
			await send("traces", canaryTraces("leaky", traceId));
			await send("metrics", canaryMetrics("leaky", traceId));
			await send("logs", canaryLogs("leaky"));

			const logs = stack.path("collector", "logs", "logs.jsonl");
			await waitFor(() => existsSync(logs) && readFileSync(logs).length > 0);
			for (const kept of [
				"kept_cumulative_total",
				"kept_delta_total",
				"kept_gauge",
				"traces_span_metrics_calls_total",
			]) {
				await waitFor(async () => (await stack.query(kept)).length > 0, 60);
			}
			const [cumulative] = await stack.query("kept_cumulative_total");
			expect(cumulative?.labels).toMatchObject({ kept: "kept", answer: "42" });
			expect(cumulative?.labels).toHaveProperty("password", "****");
			const names = (await stack.trace(traceId)).map(({ name }) => name);
			expect(names.length).toBeGreaterThan(5);
			for (const name of names) expect(name).toMatch(/^kept /);
			expect(names.some((name) => name.includes("10.0.0.1"))).toBe(true);

			const series = { "match[]": '{__name__=~".+"}' };
			for (const json of [
				await stack.prometheus("series", series),
				await stack.prometheus("metadata"),
				await stack.exemplarTraces('{__name__=~".+"}'),
			]) {
				expect(found(JSON.stringify(json))).toEqual([]);
			}
			// Logs, queues, the write-ahead log of Prometheus, all that the sink was sent.
			await stack.programs.end("SIGTERM");
			const files = readdirSync(stack.programs.folder, {
				recursive: true,
				withFileTypes: true,
			}).filter((entry) => entry.isFile());
			expect(files.length).toBeGreaterThan(5);
			for (const { parentPath, name } of files) {
				const file = join(parentPath, name);
				const leaks = found(readFileSync(file, "latin1"));
				expect(leaks, file).toEqual([]);
			}
			const requests = readFileSync(stack.path("sink", "requests.bin"), "utf8");
			expect(requests).toContain("****");
			expect(requests).toContain("exception.message");
		}, 120_000);
	},
);
