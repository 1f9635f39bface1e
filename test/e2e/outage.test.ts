import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
	type HangingProxy,
	startHangingProxy,
} from "../support/hanging-proxy.ts";
import {
	MonitorProcess,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { sampleValue } from "../support/prometheus-text.ts";
import { waitFor } from "../support/wait-for.ts";

let folder: string;
let server: PostgresServer;
let proxy: HangingProxy;
let monitor: MonitorProcess;

beforeEach(async () => {
	folder = temporaryFolder();
	server = await startPostgres();
	proxy = await startHangingProxy(server.port);
	monitor = new MonitorProcess(folder, {
		DATABASE_URL: server.url({ port: proxy.port }),
	});
	await monitor.url();
});
afterEach(async () => {
	await monitor.end();
	await proxy.close();
	await server.stop();
	removeFolder(folder);
});

async function value(name: string, labels = {}): Promise<number | undefined> {
	const text = await monitor.get("/metrics");
	return sampleValue(text, `adult_matching_${name}`, labels);
}

const becomes = (up: 0 | 1) =>
	waitFor(async () => (await value("db_up")) === up);

/**
 * How often the machine's numbers are read in 10 s: each second on a machine that isn't busy, three times at most if they wait for
 * a database, which may take 5 s to answer.
 */
async function readings(): Promise<number> {
	const name = "collector_last_success_timestamp_seconds";
	const times = new Set<number | undefined>();
	for (let look = 0; look < 20; look++) {
		times.add(await value(name, { collector: "memory" }));
		await sleep(500);
	}
	return times.size;
}

test("a database that is killed and restarted, twice, comes back by itself", async () => {
	for (let i = 0; i < 2; i++) {
		await server.kill();
		await becomes(0);
		expect(await value("db_connections")).toBeUndefined();
		expect(await readings()).toBeGreaterThan(4);
		await waitFor(async () => {
			const { system } = JSON.parse(await monitor.get("/status"));
			return system.state === "critical";
		});
		await server.restart();
		await becomes(1);
		expect(await value("db_connections")).toBeGreaterThan(0);
	}
	expect(
		await value("collector_errors_total", {
			collector: "postgres",
			reason: "partial",
		}),
	).toBeGreaterThan(0);
	const told = monitor.messages().filter((text) => text.includes("database"));
	expect(told.length).toBeLessThan(10);
}, 120_000);

test("a database that hangs in the middle of a query holds nothing else up", async () => {
	proxy.hang();
	await becomes(0);
	expect(await readings()).toBeGreaterThan(4);
	proxy.pass();
	await becomes(1);
	// One of the collector and one of the check whether the database is there, each with the one that takes its place.
	expect(proxy.mostOpen).toBeLessThanOrEqual(4);
}, 90_000);
