// Runs the stack, the demo and its monitor under traffic, with the rules as they are, and tells which alerts there were. It fails
// if any but Watchdog fired. node scripts/healthy-hour.ts [minutes, 60 unless given]
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { startDemo } from "../examples/demo.ts";
import { createUnifiedMonitor } from "../src/index.ts";
import {
	removeFolder,
	temporaryFolder,
} from "../test/support/monitor-process.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { TestStack } from "../test/support/stack.ts";
import { freePort } from "./stack/ports.ts";

/** Seconds between two evaluations of the rules. */
const step = 15;
const minutes = Number(process.argv[2] ?? 60);
const traffic = join(import.meta.dirname, "../examples/traffic.ts");
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
	process.once(signal, () => {
		console.log(`ended early by ${signal}`);
		stopping.abort();
	});
}

await using closing = new AsyncDisposableStack();
const folder = temporaryFolder();
closing.defer(() => removeFolder(folder));
const stack = await TestStack.start();
closing.defer(() => stack.end());
const postgres = await startPostgres();
closing.defer(() => postgres.stop());
const edgeFunctions = await startMonitoredDemo();
const begin = Date.now();
await sendTraffic(edgeFunctions);
await report(begin);

/** Gives the address of the edge functions. */
async function startMonitoredDemo(): Promise<string> {
	const port = await freePort();
	const token = randomUUID();
	const databaseUrl = postgres.url();
	Object.assign(process.env, {
		OTEL_EXPORTER_OTLP_ENDPOINT: stack.urls.otlp,
		HEARTBEAT_TOKEN: token,
		DATABASE_URL: databaseUrl,
	});
	const demo = await startDemo({
		databaseUrl,
		environment: process.env,
		heartbeat: { url: `http://127.0.0.1:${port}/heartbeats`, token },
		log: console,
		output: () => {},
	});
	closing.defer(() => demo.stop());
	const monitors = createUnifiedMonitor({
		...demo.config,
		prometheus_port: port,
		log_level: "warn",
		history: { path: join(folder, "history.sqlite") },
	});
	for (const monitor of monitors) closing.defer(() => monitor.stopMonitoring());
	const [system, integration] = monitors;
	await system.startMonitoring();
	await integration.startIntegrationMonitoring();
	const { content_feed } = demo.config.endpoints;
	const url =
		typeof content_feed === "string" ? content_feed : content_feed?.url;
	return new URL(url ?? "").origin;
}

async function sendTraffic(url: string): Promise<void> {
	const seconds = `${minutes * 60}`;
	const child = spawn(
		process.execPath,
		[traffic, "--url", url, "--seconds", seconds],
		{ stdio: ["ignore", "ignore", "inherit"] },
	);
	stopping.signal.addEventListener("abort", () => child.kill());
	const [code, signal] = await once(child, "exit");
	if (code !== 0 && !stopping.signal.aborted) {
		throw new Error(`the traffic ended early: ${code ?? signal}`);
	}
}

/** Tells of each alert how long it was pending or firing, and from which minute on. */
async function report(begin: number): Promise<void> {
	const measured = (Date.now() - begin) / 60_000;
	console.log(`of ${measured.toFixed(0)} minutes, there was for so many:`);
	const alerts = await stack.range("ALERTS", measured + 2, step);
	for (const { labels, samples } of alerts) {
		const { __name__, alertname, alertstate, job, instance, ...rest } = labels;
		const lasted = (samples.length * step) / 60;
		const from = ((samples[0]?.[0] ?? 0) - begin / 1000) / 60;
		console.log(
			`${lasted.toFixed(1)} from ${from.toFixed(1)}: ${alertstate} ${alertname} ${JSON.stringify(rest)}`,
		);
		const isExpected = alertname === "Watchdog" || alertstate === "pending";
		if (!isExpected) process.exitCode = 1;
	}
}
