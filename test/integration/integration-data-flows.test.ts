import type pg from "pg";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { IntegrationMonitor } from "../../src/index.ts";
import {
	statusOf,
	watchingTest as test,
	untilStates,
} from "../support/integration.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { sampleValue } from "../support/prometheus-text.ts";

let server: PostgresServer;
let client: pg.Client;

beforeAll(async () => {
	server = await startPostgres();
	client = await server.connect();
	await client.query(
		"CREATE TABLE stage (name text PRIMARY KEY, at timestamptz)",
	);
	process.env.DATABASE_URL = server.url();
});
afterAll(async () => {
	delete process.env.DATABASE_URL;
	await server.stop();
});

/** Makes the newest data of a stage so many seconds old; null for none. */
async function age(name: string, seconds: number | null): Promise<void> {
	await client.query(
		`INSERT INTO stage VALUES ($1, now() - make_interval(secs => $2))
		ON CONFLICT (name) DO UPDATE SET at = excluded.at`,
		[name, seconds],
	);
}

const limits = { source: 600, sync: 3600, embedding: 1800, cache: 900 };

beforeEach(async () => {
	for (const name of Object.keys(limits)) await age(name, 10);
});

function stage(name: keyof typeof limits, after?: keyof typeof limits) {
	const sql = `SELECT at FROM stage WHERE name = '${name}'`;
	return { sql, max_age: limits[name], ...(after && { after }) };
}

const config = {
	data_flow_checks: {
		source: stage("source"),
		sync: stage("sync", "source"),
		embedding: stage("embedding", "sync"),
		cache: stage("cache", "embedding"),
	},
};

async function metric(
	monitor: IntegrationMonitor,
	name: string,
	labels: Record<string, string>,
) {
	const response = await fetch(`${await monitor.url()}/metrics`);
	return sampleValue(await response.text(), `adult_matching_${name}`, labels);
}

test("of a chain only the first stale stage is unhealthy; those behind it say so, and all recover", async ({
	watching,
}) => {
	const monitor = await watching.start(config);
	await untilStates(monitor, {
		source: "healthy",
		sync: "healthy",
		embedding: "healthy",
		cache: "healthy",
		postgres: "healthy",
	});
	await age("sync", 4000);
	await age("embedding", 4000);
	await age("cache", 4000);
	await untilStates(monitor, {
		source: "healthy",
		sync: "unhealthy",
		embedding: "unknown",
		cache: "unknown",
	});
	expect(await statusOf(monitor, "sync")).toMatchObject({
		reason: "its newest data is 1 h 6 min old, the limit is 1 h",
	});
	expect(await statusOf(monitor, "cache")).toMatchObject({
		reason: "behind sync",
		cause: "sync",
	});
	const condition = (flow: string, condition: string) =>
		metric(monitor, "data_flow_condition", { flow, condition });
	expect(await condition("sync", "stale")).toBe(1);
	expect(await condition("sync", "stopped")).toBe(0);
	expect(await condition("cache", "behind")).toBe(1);
	expect(await condition("cache", "stale")).toBe(0);
	expect(
		await metric(monitor, "data_flow_age_seconds", { flow: "sync" }),
	).toBeGreaterThanOrEqual(4000);

	await age("sync", 8000);
	await untilStates(monitor, { sync: "unhealthy" });
	expect((await condition("sync", "stopped")) ?? 0).toBeLessThanOrEqual(1);
	for (const name of Object.keys(limits)) await age(name, 10);
	await untilStates(monitor, {
		sync: "healthy",
		embedding: "healthy",
		cache: "healthy",
	});
});

test("a stage that has stopped for over two hours, one without data, and one that can't be read differ", async ({
	watching,
}) => {
	await age("source", 7300);
	await age("sync", null);
	const monitor = await watching.start({
		data_flow_checks: {
			source: stage("source"),
			sync: stage("sync"),
			lost: { max_age: 60, sql: "SELECT max(at) FROM no_such_table" },
		},
	});
	await untilStates(monitor, {
		source: "unhealthy",
		sync: "unhealthy",
		lost: "unhealthy",
	});
	const reasons = await Promise.all(
		["source", "sync", "lost"].map(
			async (name) => (await statusOf(monitor, name)).reason,
		),
	);
	expect(reasons).toEqual([
		"has stopped: its newest data is 2 h 1 min old, the limit is 10 min",
		"has no data at all",
		expect.stringContaining("no_such_table"),
	]);
	const conditions = { source: "stopped", sync: "empty", lost: "unreadable" };
	for (const [flow, condition] of Object.entries(conditions)) {
		expect(
			await metric(monitor, "data_flow_condition", { flow, condition }),
		).toBe(1);
	}
	for (const flow of ["sync", "lost"]) {
		expect(
			await metric(monitor, "data_flow_age_seconds", { flow }),
		).toBeUndefined();
	}
});

test("while the database is away it alone is unhealthy, and what is read from it unknown", async ({
	watching,
}) => {
	const monitor = await watching.start(config);
	await untilStates(monitor, { postgres: "healthy", cache: "healthy" });
	await server.kill();
	await untilStates(monitor, {
		postgres: "unhealthy",
		source: "unknown",
		sync: "unknown",
		embedding: "unknown",
		cache: "unknown",
	});
	expect((await statusOf(monitor, "cache")).cause).toBe("postgres");
	await server.restart();
	client = await server.connect();
	await untilStates(monitor, { postgres: "healthy", cache: "healthy" });
	const { results } = await monitor.getIntegrationHistory(1);
	const everUnhealthy = results.filter(({ state }) => state === "unhealthy");
	expect(new Set(everUnhealthy.map(({ name }) => name))).toEqual(
		new Set(["postgres"]),
	);
});
