import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cleanEnvironment } from "../support/monitor-process.ts";
import { isStackMissing, TestStack } from "../support/stack.ts";
import { waitFor } from "../support/wait-for.ts";

const program = fileURLToPath(
	new URL("../support/stack/isolates.ts", import.meta.url),
);
const isolates = 500;
const requestsOfEach = 2;

let stack: TestStack;
let host: ChildProcess;
let lines: AsyncIterator<string>;

/** Every isolate serves requests, at the same time as the others. Gives the traces' ids. */
async function wave(): Promise<string[]> {
	host.stdin?.write(`${requestsOfEach}\n`);
	return JSON.parse((await lines.next()).value);
}

const requests = "adult_matching_edge_requests_total";
const increase = `sum(increase(${requests}[1h] anchored))`;

describe.skipIf(isStackMissing)("500 isolates at the same time", () => {
	beforeAll(async () => {
		stack = await TestStack.start();
		host = spawn(process.execPath, [program, `${isolates}`], {
			env: {
				...cleanEnvironment(),
				LOG_LEVEL: "error",
				OTEL_EXPORTER_OTLP_ENDPOINT: stack.urls.edgeOtlp,
				OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${stack.programs.edgeToken}`,
			},
			stdio: ["pipe", "pipe", "inherit"],
		});
		if (host.stdout === null) throw new Error("no output");
		const input = createInterface(host.stdout);
		lines = input[Symbol.asyncIterator]();
		expect(JSON.parse((await lines.next()).value)).toEqual({ isolates });
	}, 120_000);
	afterAll(async () => {
		if (host?.exitCode === null) {
			host.kill("SIGKILL");
			await once(host, "exit");
		}
		await stack?.end();
	});

	test("count together exactly, in one series, at once and after a second wave", async () => {
		const traces = await wave();
		const count = isolates * requestsOfEach;
		expect(traces).toHaveLength(count);
		await waitFor(async () => (await stack.value(increase)) === count, 60);
		traces.push(...(await wave()));
		await waitFor(async () => (await stack.value(increase)) === 2 * count, 60);

		// Everything that the isolates count is one series for each set of labels, however many isolates there are.
		const ours = await stack.query('{__name__=~"adult_matching_edge_.*"}');
		expect(ours.length).toBeGreaterThan(0);
		for (const { labels } of ours) {
			expect(labels).not.toHaveProperty("instance");
			expect(labels).not.toHaveProperty("host_name");
		}
		expect(await stack.query(requests)).toHaveLength(1);
		const operations = "adult_matching_edge_db_operations_total";
		const operationsCounted = `sum(increase(${operations}[1h] anchored))`;
		expect(await stack.value(operationsCounted)).toBe(2 * count);

		const led = await stack.exemplarTraces(requests);
		expect(led.length).toBeGreaterThan(0);
		for (const id of led) {
			expect(traces).toContain(id);
			const names = (await stack.trace(id)).map(({ name }) => name);
			expect(names.sort()).toEqual(["GET shop", "get_items"]);
		}
		const { distinct } = await stack.sinkStats();
		expect(distinct).toBe(4 * count);
	}, 180_000);
});
