import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	AlertingStack,
	isAlertingMissing,
} from "../../support/alerts/alerting-stack.ts";
import { told } from "../../support/alerts/calm.ts";
import { proofs } from "../../support/alerts/proofs.ts";
import { RepeatedQuery } from "../../support/alerts/repeated-query.ts";
import { SendingMonitor } from "../../support/alerts/sending-monitor.ts";
import { makeStandInProc } from "../../support/alerts/stand-in-proc.ts";
import {
	removeFolder,
	temporaryFolder,
} from "../../support/monitor-process.ts";
import {
	type PostgresServer,
	startPostgres,
	startStandby,
	until,
} from "../../support/postgres.ts";
import { waitFor } from "../../support/wait-for.ts";

const replica = "second_floor";
/** Connections that the busy server leaves to clients: one is a percent. */
const clients = 100;
const everyClient =
	"SELECT count(*)::int AS count FROM pg_stat_activity WHERE backend_type = 'client backend'";

const folder = temporaryFolder();
const proc = join(folder, "proc");

let alerting: AlertingStack;
let primary: PostgresServer;
let standby: PostgresServer;
/** Has little cache, few connections, and nobody who freezes old rows. */
let busy: PostgresServer;
/** Is killed. */
let frail: PostgresServer;
let writer: pg.Client;
let replaying: pg.Client;
let worker: pg.Client;
let connectionToPrimary = "";
let writing: RepeatedQuery;
let reading: RepeatedQuery;
const monitors: SendingMonitor[] = [];
const held: pg.Client[] = [];

async function startServers(): Promise<void> {
	[primary, busy, frail] = await Promise.all([
		startPostgres({ deadlock_timeout: "20ms" }),
		startPostgres({
			max_connections: `${clients + 3}`,
			shared_buffers: "4MB",
			autovacuum: "off",
		}),
		startPostgres(),
	]);
	standby = await startStandby(primary, replica);
	writer = await primary.connect();
	replaying = await standby.connect();
	worker = await busy.connect();
	await writer.query("CREATE TABLE item (id int PRIMARY KEY)");
	await writer.query("INSERT INTO item VALUES (1), (2)");
	await writer.query("CREATE TABLE history (at timestamptz)");
	// Ten times the cache.
	await worker.query(
		"CREATE TABLE large AS SELECT repeat('x', 200) FROM generate_series(1, 200000)",
	);
}

beforeAll(async () => {
	if (isAlertingMissing) return;
	// A series that nothing is added to is gone after this time; it is five minutes else.
	const prometheusFlags = ["--query.lookback-delta=10s"];
	alerting = await AlertingStack.start({ prometheusFlags });
	await startServers();
	makeStandInProc(proc);
	for (const server of [primary, standby, busy, frail]) {
		const environment = { DATABASE_URL: server.url(), HOST_PROC: proc };
		monitors.push(await SendingMonitor.start(alerting, {}, { environment }));
	}
}, 120_000);
afterAll(async () => {
	if (isAlertingMissing) return;
	await alerting.end();
	for (const monitor of monitors) await monitor.end();
	for (const server of [standby, primary, busy, frail]) await server.stop();
	removeFolder(folder);
});

/** Opens connections until so many are in use. */
async function connectUntil(count: number): Promise<void> {
	const { rows } = await worker.query<{ count: number }>(everyClient);
	const missing = count - (rows[0]?.count ?? Number.NaN);
	for (let i = 0; i < missing; i++) held.push(await busy.connect());
}

async function disconnect(): Promise<void> {
	await Promise.all(held.splice(0).map((client) => client.end()));
}

/** Two transactions take the same two rows, each in another order. */
async function deadlock(): Promise<void> {
	const [one, other] = [await primary.connect(), await primary.connect()];
	await one.query("BEGIN; UPDATE item SET id = id WHERE id = 1");
	await other.query("BEGIN; UPDATE item SET id = id WHERE id = 2");
	const outcomes = await Promise.allSettled([
		one.query("UPDATE item SET id = id WHERE id = 2"),
		other.query("UPDATE item SET id = id WHERE id = 1"),
	]);
	await Promise.all([one.end(), other.end()]);
	expect(outcomes.map(({ status }) => status)).toContain("rejected");
}

/** Takes so many transaction ids. */
async function takeIds(count: number): Promise<void> {
	await worker.query(
		`DO $$ BEGIN FOR i IN 1..${count} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`,
	);
}

async function freeze(): Promise<void> {
	await worker.query("ALTER DATABASE template0 WITH ALLOW_CONNECTIONS true");
	for (const database of ["postgres", "template0", "template1"]) {
		const client = await busy.connect({ database });
		await client.query("VACUUM (FREEZE)");
		await client.end();
	}
}

async function settingOfStandby(name: string): Promise<string> {
	const { rows } = await replaying.query<{ value: string }>(
		`SELECT current_setting('${name}') AS value`,
	);
	return rows[0]?.value ?? "";
}

/** Changes a setting of the standby while it runs. */
async function set(setting: string, value: string): Promise<void> {
	await replaying.query(`ALTER SYSTEM SET ${setting} = '${value}'`);
	await replaying.query("SELECT pg_reload_conf()");
}

/** What the standby is to replay, and does. */
async function write(): Promise<void> {
	const client = await primary.connect();
	writing = new RepeatedQuery(client, "INSERT INTO history VALUES (now())");
	await until(
		replaying,
		"now() - pg_last_xact_replay_timestamp() < interval '0.5 s'",
	);
}

async function lock(): Promise<void> {
	await writer.query("BEGIN; LOCK TABLE item");
	const waiting = await primary.connect();
	waiting.query("SELECT FROM item").finally(() => waiting.end());
}

describe.skipIf(isAlertingMissing)("a real fault of a database", () => {
	const { together, allOnRecord } = proofs("database", () => alerting);
	const component = "database";

	test("is told of nobody while all is well", {
		timeout: 150_000,
	}, async () => {
		expect(await told(alerting, 10)).toEqual([]);
	});

	together({
		alert: "DatabaseConnectionsNearMax",
		severity: "warning",
		component,
		fault: "clients open 88 connections of the 100 that they may",
		break: () => connectUntil(88),
		repair: disconnect,
	});
	together({
		alert: "DatabaseLongTransaction",
		severity: "warning",
		component,
		labels: { kind: "idle" },
		fault: "a client begins a transaction and leaves it open",
		break: () => writer.query("BEGIN; SELECT FROM item"),
		repair: () => writer.query("ROLLBACK"),
	});
	together({
		alert: "DatabaseCacheHitLow",
		severity: "warning",
		component,
		fault:
			"a client reads a table ten times as large as the cache, again and again",
		break: async () => {
			const client = await busy.connect();
			reading = new RepeatedQuery(client, "SELECT count(*) FROM large");
		},
		repair: () => reading.stop(),
	});
	together({
		alert: "DatabaseReplicationLag",
		severity: "warning",
		component,
		fault:
			"a streaming replica replays all that its primary writes 4 s later, where 1 is allowed",
		before: write,
		break: () => set("recovery_min_apply_delay", "4s"),
		repair: async () => {
			await writing.stop();
			await set("recovery_min_apply_delay", "0");
		},
	});

	together({
		alert: "DatabaseWasDown",
		severity: "info",
		component,
		fault: "Postgres is killed, and started again",
		break: async () => {
			await frail.kill();
			await waitFor(() => alerting.isActive({ alertname: "DatabaseDown" }));
			await frail.restart();
		},
		repair: () => {},
	});

	test("leaves no connection open once it is repaired", async () => {
		await until(worker, `(${everyClient}) < 10`);
	});

	together({
		alert: "DatabaseConnectionsNearMax",
		severity: "critical",
		component,
		fault: "clients open 99 connections of the 100 that they may",
		break: () => connectUntil(99),
		repair: disconnect,
	});
	together({
		alert: "DatabaseDeadlocks",
		severity: "warning",
		component,
		fault: "three deadlocks in a row",
		break: async () => {
			for (let i = 0; i < 3; i++) await deadlock();
		},
		repair: () => {},
	});
	together({
		alert: "DatabaseLockWait",
		severity: "warning",
		component,
		fault: "a client waits for a table that another one has locked",
		break: lock,
		repair: () => writer.query("ROLLBACK"),
	});
	together({
		alert: "DatabaseReplicationLag",
		severity: "critical",
		component,
		fault:
			"a streaming replica stops to replay what its primary writes, where 10 s are allowed",
		before: write,
		break: () => replaying.query("SELECT pg_wal_replay_pause()"),
		repair: async () => {
			await writing.stop();
			await replaying.query("SELECT pg_wal_replay_resume()");
		},
	});
	together({
		alert: "DatabaseWraparound",
		severity: "warning",
		component,
		labels: { database: "postgres", kind: "transaction" },
		fault:
			"1200 transactions and nobody who freezes old rows; the limit of a billion is scaled to 1000",
		break: () => takeIds(1200),
		repair: freeze,
	});

	test("leaves the replica streaming once it is repaired", async () => {
		await until(
			writer,
			"(SELECT state FROM pg_stat_replication) = 'streaming'",
		);
		await until(replaying, "NOT pg_is_wal_replay_paused()");
	});

	together({
		alert: "DatabaseReplicaGone",
		severity: "warning",
		component,
		labels: { replica },
		fault: "a streaming replica is cut off from its primary",
		before: async () => {
			connectionToPrimary = await settingOfStandby("primary_conninfo");
		},
		break: () => set("primary_conninfo", ""),
		repair: () => set("primary_conninfo", connectionToPrimary),
	});
	together({
		alert: "DatabaseWraparound",
		severity: "critical",
		component,
		labels: { database: "postgres", kind: "transaction" },
		fault:
			"1800 transactions and nobody who freezes old rows; the limit of 1.6 billion is scaled to 1600",
		break: () => takeIds(1800),
		repair: freeze,
	});

	together({
		alert: "DatabaseDown",
		severity: "critical",
		component,
		fault: "Postgres is killed",
		break: () => frail.kill(),
		repair: () => frail.restart(),
	});
	allOnRecord();
});
