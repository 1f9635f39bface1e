import type pg from "pg";
import {
	afterAll,
	afterEach,
	beforeAll,
	beforeEach,
	expect,
	test,
} from "vitest";
import type { Collector } from "../../src/collection/collector.ts";
import type { Reading } from "../../src/metrics/metric.ts";
import { postgresMetrics } from "../../src/metrics/postgres.ts";
import { createPostgresCollector } from "../../src/system/postgres/collector.ts";
import {
	type PostgresServer,
	startPostgres,
	until,
} from "../support/postgres.ts";
import { measured } from "../support/readings.ts";

/** The connections of clients, as another connection sees them. */
const clientBackends =
	"FROM pg_stat_activity WHERE backend_type = 'client backend'";

let server: PostgresServer;
let observer: pg.Client;
let collector: Collector;

beforeAll(async () => {
	server = await startPostgres({ max_connections: "40" });
	observer = await server.connect();
	await observer.query("CREATE TABLE item (id int PRIMARY KEY)");
	await observer.query("INSERT INTO item VALUES (1), (2)");
	await observer.query("CREATE DATABASE shop");
});
afterAll(() => server?.stop());

beforeEach(() => {
	collector = createPostgresCollector({ url: server.url() });
});
afterEach(async () => {
	await collector.close?.();
	await observer.query(
		`SELECT pg_terminate_backend(pid) ${clientBackends} AND pid <> pg_backend_pid()`,
	);
	await until(observer, `(SELECT count(*) ${clientBackends}) = 1`);
});

async function collect(): Promise<readonly Reading[]> {
	const { readings, problems } = await collector.collect(
		new AbortController().signal,
	);
	expect(problems).toEqual([]);
	return readings;
}

async function observe(sql: string): Promise<number> {
	const { rows } = await observer.query<{ value: string }>(
		`SELECT (${sql}) AS value`,
	);
	return Number(rows[0]?.value);
}

/** Begins a query that the test does not wait for. */
function begin(client: pg.Client | undefined, sql: string): void {
	client?.query(sql).catch(() => {});
}

async function openMany(count: number, database = "postgres") {
	return Promise.all(
		Array.from({ length: count }, () => server.connect({ database })),
	);
}

test("counts the connections that pg_stat_activity shows, its own among them", async () => {
	await collect();
	await openMany(7);
	await openMany(4, "shop");
	const readings = await collect();

	const seen = await observe(`SELECT count(*) ${clientBackends}`);
	expect(seen).toBe(7 + 4 + 2);
	expect(measured(readings, postgresMetrics.connections)).toBe(seen);
	for (const database of ["postgres", "shop"]) {
		expect(
			measured(readings, postgresMetrics.connectionsByDatabase, { database }),
		).toBe(
			await observe(
				`SELECT count(*) ${clientBackends} AND datname = '${database}'`,
			),
		);
	}
});

test("follows connections as they are closed, down to a database with none", async () => {
	const clients = await openMany(5, "shop");
	await collect();
	await Promise.all(clients.map((client) => client.end()));
	await until(
		observer,
		`(SELECT count(*) ${clientBackends} AND datname = 'shop') = 0`,
	);
	const readings = await collect();
	expect(
		measured(readings, postgresMetrics.connectionsByDatabase, {
			database: "shop",
		}),
	).toBe(0);
	expect(measured(readings, postgresMetrics.connections)).toBe(2);
});

test("tells the states apart as pg_stat_activity does", async () => {
	await openMany(3);
	for (const client of await openMany(2)) {
		await client.query("BEGIN");
		await client.query("SELECT 1");
	}
	const [failed] = await openMany(1);
	await failed?.query("BEGIN");
	await failed?.query("SELECT 1/0").catch(() => {});
	for (const client of await openMany(4)) begin(client, "SELECT pg_sleep(60)");
	await until(
		observer,
		`(SELECT count(*) ${clientBackends} AND wait_event = 'PgSleep') = 4`,
	);

	const readings = await collect();
	const byState = (state: string) =>
		measured(readings, postgresMetrics.connectionsByState, { state });
	expect({
		active: byState("active"),
		idle: byState("idle"),
		idleInTransaction: byState("idle_in_transaction"),
		aborted: byState("idle_in_transaction_aborted"),
		fastpath: byState("fastpath"),
		disabled: byState("disabled"),
	}).toEqual({
		active: 4 + 1, // The collector itself.
		idle: 3 + 1, // The observer.
		idleInTransaction: 2,
		aborted: 1,
		fastpath: 0,
		disabled: 0,
	});
	const inTransaction = await observe(
		`SELECT count(*) ${clientBackends} AND state LIKE 'idle in transaction%'`,
	);
	expect(inTransaction).toBe(3);
});

/** What the collector is to say, in seconds, read by the server's clock. */
async function observeAges() {
	const { rows } = await observer.query<Record<string, number>>(`
		SELECT extract(epoch FROM max(clock_timestamp() - query_start)
		         FILTER (WHERE state = 'active' AND pid <> pg_backend_pid()))::float8 AS query,
		       extract(epoch FROM max(clock_timestamp() - xact_start)
		         FILTER (WHERE pid <> pg_backend_pid()))::float8 AS transaction,
		       extract(epoch FROM max(clock_timestamp() - state_change)
		         FILTER (WHERE state LIKE 'idle in transaction%'))::float8 AS idle
		${clientBackends}`);
	return rows[0] ?? {};
}

test("tells how long the longest query, transaction and idling in one last, by the server's clock", async () => {
	const [running, idling] = await openMany(2);
	await idling?.query("BEGIN");
	await idling?.query("SELECT pg_sleep(0.3)");
	begin(running, "SELECT pg_sleep(60)");
	await until(
		observer,
		`(SELECT max(clock_timestamp() - query_start) ${clientBackends} AND wait_event = 'PgSleep') > interval '0.1 s'`,
	);

	const before = await observeAges();
	const readings = await collect();
	const after = await observeAges();
	for (const [age, metric] of [
		["query", postgresMetrics.longestQuery],
		["transaction", postgresMetrics.longestTransaction],
		["idle", postgresMetrics.longestIdleInTransaction],
	] as const) {
		const seconds = measured(readings, metric);
		expect(seconds, age).toBeGreaterThan(before[age] ?? Number.NaN);
		expect(seconds, age).toBeLessThan(after[age] ?? Number.NaN);
	}
	expect(before.transaction).toBeGreaterThan(
		(before.idle ?? Number.NaN) + 0.29,
	);
});

test("says 0 where no query but its own runs, no transaction is open and nobody waits", async () => {
	const readings = await collect();
	for (const metric of [
		postgresMetrics.longestQuery,
		postgresMetrics.longestTransaction,
		postgresMetrics.longestIdleInTransaction,
		postgresMetrics.locksWaiting,
	]) {
		expect(measured(readings, metric), metric.name).toBe(0);
	}
});

test("counts the sessions that wait for a lock, and how long the longest has", async () => {
	const [holder, first, second] = await openMany(3);
	await holder?.query("BEGIN");
	await holder?.query("UPDATE item SET id = id WHERE id = 1");
	begin(first, "UPDATE item SET id = id WHERE id = 1");
	await until(observer, "SELECT count(*) = 1 FROM pg_locks WHERE NOT granted");
	begin(second, "UPDATE item SET id = id WHERE id = 1");
	await until(observer, "SELECT count(*) = 2 FROM pg_locks WHERE NOT granted");
	const hasWaitStart =
		(await observe("current_setting('server_version_num')")) >= 140000;

	const readings = await collect();
	expect(measured(readings, postgresMetrics.locksWaiting)).toBe(2);
	if (hasWaitStart) {
		const waited = measured(readings, postgresMetrics.longestLockWait);
		expect(waited).toBeGreaterThan(0);
		expect(waited).toBeLessThan(
			await observe(
				"SELECT extract(epoch FROM clock_timestamp() - min(waitstart)) FROM pg_locks WHERE NOT granted",
			),
		);
	}

	await holder?.query("COMMIT");
	await until(observer, "SELECT count(*) = 0 FROM pg_locks WHERE NOT granted");
	expect(measured(await collect(), postgresMetrics.locksWaiting)).toBe(0);
});

test("tells the most connections that the server allows, and those it reserves", async () => {
	const readings = await collect();
	expect(measured(readings, postgresMetrics.connectionsMax)).toBe(40);
	expect(measured(readings, postgresMetrics.connectionsReserved)).toBe(
		await observe(
			"SELECT sum(setting::int) FROM pg_settings WHERE name IN ('superuser_reserved_connections', 'reserved_connections')",
		),
	);
});

test("tells the server's version and start, and that it takes writes", async () => {
	const readings = await collect();
	const version = await observe("current_setting('server_version_num')");
	expect(
		measured(readings, postgresMetrics.info, {
			version: `${Math.floor(version / 10000)}.${version % 100}`,
		}),
	).toBe(1);
	expect(measured(readings, postgresMetrics.startTime)).toBe(
		await observe("extract(epoch FROM pg_postmaster_start_time())"),
	);
	expect(measured(readings, postgresMetrics.inRecovery)).toBe(0);
});

test("has one reading for each set of labels, of metrics of the catalogue and with the labels that these declare", async () => {
	const known = new Set<unknown>(Object.values(postgresMetrics));
	const readings = await collect();
	const series = readings.map(
		({ metric, labels }) => `${metric.name} ${JSON.stringify(labels)}`,
	);
	expect(new Set(series).size).toBe(series.length);
	for (const { metric, labels, since } of readings) {
		expect(known.has(metric), metric.name).toBe(true);
		expect(Object.keys(labels).sort(), metric.name).toEqual(
			Object.keys(metric.labels ?? {}).sort(),
		);
		for (const [label, value] of Object.entries(labels)) {
			const bound = metric.labels?.[label];
			if (Array.isArray(bound)) expect(bound).toContain(value);
		}
		expect(since !== undefined, metric.name).toBe(metric.kind === "counter");
	}
});

test("leaves its connection out of any transaction, and open, between two collections", async () => {
	await collect();
	await collect();
	const { rows } = await observer.query(
		"SELECT state, xact_start FROM pg_stat_activity WHERE application_name = 'adult_matching_monitoring'",
	);
	expect(rows).toEqual([{ state: "idle", xact_start: null }]);
});
