import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createUnifiedMonitor, ListenError } from "../../src/index.ts";
import {
	cleanEnvironment,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";

const index = fileURLToPath(new URL("../../src/index.ts", import.meta.url));
let folder: string;

beforeEach(() => {
	folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

function monitors() {
	return createUnifiedMonitor({
		prometheus_port: 0,
		collection_interval: 60,
		log_level: "silent",
		history: { path: join(folder, "history.sqlite") },
	});
}

describe("the Node API", () => {
	test("gives health, metrics and history once started, and nothing after the stop", async () => {
		const [system] = monitors();
		expect(await system.getSystemHealth()).toBeUndefined();
		await system.startMonitoring();
		try {
			const health = await system.getSystemHealth();
			expect(health?.signals.map(({ subject }) => subject)).toEqual(
				expect.arrayContaining(["cpu", "memory"]),
			);
			const metrics = await system.getServiceMetrics();
			expect(metrics).toContainEqual({
				name: "adult_matching_system_memory_percent",
				labels: {},
				value: expect.any(Number),
				unit: "%",
				at: expect.any(String),
			});
			const [first] = await system.getHealthHistory(1);
			expect(first?.state).toBe(health?.state);
			expect(await system.getHealthHistory(0)).toEqual([]);
		} finally {
			await system.stopMonitoring();
		}
		expect(await system.getSystemHealth()).toBeUndefined();
	});

	test("can be started twice, stopped twice, and started again", async () => {
		const [system, integration] = monitors();
		await Promise.all([
			system.startMonitoring(),
			system.startMonitoring(),
			integration.startIntegrationMonitoring(),
		]);
		await Promise.all([system.stopMonitoring(), system.stopMonitoring()]);
		await integration.stopMonitoring();
		await integration.stopMonitoring();
		await system.startMonitoring();
		expect(await system.getSystemHealth()).toBeDefined();
		await system.stopMonitoring();
	});

	test("can be stopped before it has started", async () => {
		const [system, integration] = monitors();
		await system.stopMonitoring();
		await integration.stopMonitoring();
	});

	test("can be stopped while it starts", async () => {
		const [system] = monitors();
		const started = system.startMonitoring();
		await system.stopMonitoring();
		await started;
		expect(await system.getSystemHealth()).toBeUndefined();
	});

	test("keeps the server for one monitor while the other stops", async () => {
		const [system, integration] = monitors();
		await system.startMonitoring();
		await integration.startIntegrationMonitoring();
		await integration.stopMonitoring();
		expect(await system.getServiceMetrics()).not.toEqual([]);
		await system.stopMonitoring();
	});

	test("throws a ListenError for a taken port, and can be started when it is free", async () => {
		const [first] = createUnifiedMonitor({
			prometheus_port: 0,
			log_level: "silent",
			history: { path: join(folder, "a", "history.sqlite") },
		});
		await first.startMonitoring();
		const port = Number(new URL((await first.url()) ?? "").port);
		const [second] = createUnifiedMonitor({
			prometheus_port: port,
			log_level: "silent",
			history: { path: join(folder, "b", "history.sqlite") },
		});
		await expect(second.startMonitoring()).rejects.toThrow(ListenError);
		await first.stopMonitoring();
		await second.startMonitoring();
		await second.stopMonitoring();
	});
});

test("stopping leaves no timer, socket or file open: the process ends by itself", async () => {
	const script = join(folder, "script.ts");
	writeFileSync(
		script,
		`import { createUnifiedMonitor } from ${JSON.stringify(index)};
const [system, integration] = createUnifiedMonitor({ prometheus_port: 0, log_level: "silent", endpoints: { gone: "http://127.0.0.1:1/" } });
await Promise.all([system.startMonitoring(), integration.startIntegrationMonitoring()]);
await Promise.all([system.stopMonitoring(), integration.stopMonitoring()]);
await new Promise((resolve) => setTimeout(resolve, 50)); // Node lets go of a closed server a turn later.
console.log(JSON.stringify(process.getActiveResourcesInfo().filter((kind) => !/^(Pipe|TTY|File)/.test(kind))));
`,
	);
	const child = spawn(process.execPath, [script], {
		cwd: folder,
		env: cleanEnvironment(),
	});
	let output = "";
	child.stdout.on("data", (text) => {
		output += text;
	});
	child.stderr.on("data", (text) => {
		output += text;
	});
	const tooLate = setTimeout(() => child.kill("SIGKILL"), 20_000);
	await once(child, "exit");
	clearTimeout(tooLate);
	expect(child.signalCode).toBeNull();
	expect(output).toBe("[]\n");
});
