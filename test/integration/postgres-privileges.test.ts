import type pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Collection, Collector } from "../../src/collection/collector.ts";
import { postgresMetrics } from "../../src/metrics/postgres.ts";
import { createPostgresCollector } from "../../src/system/postgres/collector.ts";
import {
	type PostgresServer,
	password,
	startPostgres,
} from "../support/postgres.ts";
import { measured } from "../support/readings.ts";

let server: PostgresServer;
let superuser: pg.Client;
const collectors: Collector[] = [];

beforeAll(async () => {
	server = await startPostgres();
	superuser = await server.connect();
	await superuser.query(`CREATE ROLE plain LOGIN PASSWORD '${password}'`);
	await superuser.query(
		`CREATE ROLE "The Monitor" LOGIN PASSWORD '${password}' IN ROLE pg_monitor`,
	);
	await superuser.query("CREATE DATABASE secluded");
	await superuser.query("REVOKE CONNECT ON DATABASE secluded FROM PUBLIC");
	await superuser.query("CREATE SCHEMA extensions");
	await superuser.query("GRANT USAGE ON SCHEMA extensions TO PUBLIC");
	await superuser.query(
		"CREATE EXTENSION pg_stat_statements SCHEMA extensions",
	);
});
afterEach(() =>
	Promise.all(collectors.splice(0).map((each) => each.close?.())),
);
afterAll(() => server?.stop());

function collectAs(
	user: string,
	options: { readonly timeLimit?: number } = {},
): Promise<Collection> {
	const url = server.url({ user: encodeURIComponent(user) });
	const collector = createPostgresCollector({ url, ...options });
	collectors.push(collector);
	return collector.collect(new AbortController().signal);
}

/** The keys of the catalogue's entries that were read. */
function read({ readings }: Collection): string[] {
	const metrics = new Set(readings.map(({ metric }) => metric));
	return Object.entries(postgresMetrics).flatMap(([key, metric]) =>
		metrics.has(metric) ? [key] : [],
	);
}

function missing(complete: Collection, collection: Collection): string[] {
	const there = read(collection);
	return read(complete).filter((key) => !there.includes(key));
}

test("reads with pg_monitor all that a superuser reads", async () => {
	const bySuperuser = await collectAs("postgres");
	const byMonitor = await collectAs("The Monitor");
	expect(byMonitor.problems).toEqual([]);
	expect(byMonitor.absent).toEqual([]);
	expect(read(byMonitor)).toEqual(read(bySuperuser));
});

test("sees the sessions of other users with pg_monitor", async () => {
	await superuser.query("BEGIN; SELECT 1");
	const { readings } = await collectAs("The Monitor");
	await superuser.query("COMMIT");
	expect(
		measured(readings, postgresMetrics.connectionsByState, {
			state: "idle_in_transaction",
		}),
	).toBe(1);
});

test("leaves out, without it, what it would see wrongly, and says how to change that", async () => {
	const collection = await collectAs("plain");
	expect(collection.problems).toEqual([]);
	expect(missing(await collectAs("postgres"), collection)).toEqual([
		"connections",
		"connectionsByState",
		"connectionsByDatabase",
		"longestQuery",
		"longestTransaction",
		"longestIdleInTransaction",
		"statementCalls",
		"statementTime",
		"statementRows",
	]);
	const grant =
		"the role plain lacks the privileges of pg_monitor: GRANT pg_monitor TO plain";
	expect(collection.absent).toEqual([
		`connections of clients, their states and longest queries: ${grant}`,
		`the lag of replicas: ${grant}`,
		`the statements that take the most time: ${grant}`,
		"the size of the database secluded: the role plain may not connect to it: GRANT pg_monitor TO plain",
	]);
	expect(
		measured(collection.readings, postgresMetrics.size, {
			database: "secluded",
		}),
	).toBeUndefined();
});

test("quotes a role's name in the statement that would help", async () => {
	await superuser.query(`REVOKE pg_monitor FROM "The Monitor"`);
	const { absent } = await collectAs("The Monitor");
	await superuser.query(`GRANT pg_monitor TO "The Monitor"`);
	expect(absent?.[0]).toMatch(/: GRANT pg_monitor TO "The Monitor"$/);
});

test("tells of one query that the server refuses, and reads everything else", async () => {
	const revoke = "EXECUTE ON FUNCTION extensions.pg_stat_statements(boolean)";
	const complete = await collectAs("The Monitor");
	await superuser.query(`REVOKE ${revoke} FROM PUBLIC`);
	const collection = await collectAs("The Monitor");
	await superuser.query(`GRANT ${revoke} TO PUBLIC`);
	expect(collection.problems).toEqual([
		`Postgres on port ${server.port}: the statements that take the most time could not be read: the role may not read it: GRANT pg_monitor to the role of the database URL`,
	]);
	expect(missing(complete, collection)).toEqual([
		"statementCalls",
		"statementTime",
		"statementRows",
	]);
});

test("does not wait for long where the catalogue is locked, and reads everything else", async () => {
	const { rows } = await superuser.query<{ view: string }>(
		"SELECT coalesce(to_regclass('pg_catalog.pg_stat_checkpointer'), 'pg_catalog.pg_stat_bgwriter'::regclass) AS view",
	);
	const complete = await collectAs("The Monitor");
	await superuser.query(`BEGIN; LOCK TABLE ${rows[0]?.view}`);
	const collection = await collectAs("The Monitor", { timeLimit: 2 });
	await superuser.query("COMMIT");
	expect(collection.problems).toEqual([
		`Postgres on port ${server.port}: the checkpoints could not be read: it was locked for too long: look for a session that holds a lock on the catalogue`,
	]);
	expect(missing(complete, collection)).toEqual([
		"checkpoints",
		"checkpointWrite",
		"checkpointSync",
	]);
});
