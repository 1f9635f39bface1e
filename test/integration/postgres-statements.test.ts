import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Collection, Collector } from "../../src/collection/collector.ts";
import { postgresMetrics } from "../../src/metrics/postgres.ts";
import { createPostgresCollector } from "../../src/system/postgres/collector.ts";
import {
	type PostgresServer,
	password,
	startPostgres,
} from "../support/postgres.ts";
import { measured, readingOf } from "../support/readings.ts";

let server: PostgresServer;
let client: pg.Client;
let collector: Collector;

beforeAll(async () => {
	server = await startPostgres();
	client = await server.connect();
	await client.query(
		`CREATE ROLE monitor LOGIN PASSWORD '${password}' IN ROLE pg_monitor`,
	);
	collector = createPostgresCollector({ url: server.url({ user: "monitor" }) });
});
afterAll(async () => {
	await collector?.close?.();
	await server?.stop();
});

const collect = (): Promise<Collection> =>
	collector.collect(new AbortController().signal);

test("says what is to be done where pg_stat_statements is not in the database", async () => {
	const { readings, absent } = await collect();
	expect(absent).toContain(
		"the statements that take the most time: pg_stat_statements is not in this database: CREATE EXTENSION pg_stat_statements",
	);
	expect(
		readings.some(({ metric }) => metric === postgresMetrics.statementCalls),
	).toBe(false);
});

test("says what is to be done where the schema of pg_stat_statements is closed to the role", async () => {
	await client.query(`CREATE SCHEMA "Extensions"`);
	await client.query(`CREATE EXTENSION pg_stat_statements SCHEMA "Extensions"`);
	expect((await collect()).absent).toContain(
		`the statements that take the most time: the role monitor may not use the schema "Extensions": GRANT USAGE ON SCHEMA "Extensions" TO monitor`,
	);
});

test("gives calls, time and rows of a statement of another user, as the view has them", async () => {
	await client.query(`GRANT USAGE ON SCHEMA "Extensions" TO monitor`);
	const slow =
		"SELECT i, pg_sleep(0.02) FROM generate_series(1, 3) i /* a secret */";
	for (let i = 0; i < 4; i++) await client.query(slow);

	const { rows } = await client.query<{
		queryid: string;
		seconds: number;
		column: string;
	}>(
		`SELECT queryid, total_exec_time / 1000 AS seconds FROM "Extensions".pg_stat_statements WHERE query LIKE '%a secret%' AND query NOT LIKE '%LIKE%'`,
	);
	const queryid = rows[0]?.queryid ?? "";
	const { readings } = await collect();
	expect(measured(readings, postgresMetrics.statementCalls, { queryid })).toBe(
		4,
	);
	expect(measured(readings, postgresMetrics.statementRows, { queryid })).toBe(
		12,
	);
	expect(
		measured(readings, postgresMetrics.statementTime, { queryid }),
	).toBeCloseTo(rows[0]?.seconds ?? Number.NaN, 6);
	expect(JSON.stringify(readings)).not.toContain("secret");
});

test("sums a statement of several users, of which the first began it", async () => {
	const sql = "SELECT pg_sleep(0.05)";
	const labels = async () => {
		const { rows } = await client.query<{ queryid: string }>(
			`SELECT queryid FROM "Extensions".pg_stat_statements WHERE query = 'SELECT pg_sleep($1)' LIMIT 1`,
		);
		return { queryid: rows[0]?.queryid ?? "" };
	};
	await client.query(sql);
	const first = readingOf(
		(await collect()).readings,
		postgresMetrics.statementCalls,
		await labels(),
	);
	const other = await server.connect({ user: "monitor" });
	await other.query(sql);
	const both = readingOf(
		(await collect()).readings,
		postgresMetrics.statementCalls,
		await labels(),
	);
	expect(first?.value).toBe(1);
	expect(both?.value).toBe(2);
	expect(both?.since).toBe(first?.since);
});

test("gives no more than the 20 that took the most time", async () => {
	for (let i = 1; i <= 30; i++) {
		await client.query(`SELECT ${Array(i).fill("1").join(", ")}`);
	}
	const { readings } = await collect();
	const ids = readings
		.filter(({ metric }) => metric === postgresMetrics.statementTime)
		.map(({ labels }) => labels.queryid);
	const { rows } = await client.query<{ queryid: string }>(
		`SELECT queryid FROM "Extensions".pg_stat_statements WHERE queryid IS NOT NULL GROUP BY 1 ORDER BY sum(total_exec_time) DESC LIMIT 3`,
	);
	expect(new Set(ids).size).toBe(20);
	expect(ids).toEqual(
		expect.arrayContaining(rows.map(({ queryid }) => queryid)),
	);
});

test("takes a statement to begin when it was first run, and again when it is reset", async () => {
	const sql = "SELECT pg_sleep(0.04), 1";
	const start = async () => {
		const { rows } = await client.query<{ queryid: string }>(
			`SELECT queryid FROM "Extensions".pg_stat_statements WHERE query = 'SELECT pg_sleep($1), $2'`,
		);
		const labels = { queryid: rows[0]?.queryid ?? "" };
		return readingOf(
			(await collect()).readings,
			postgresMetrics.statementCalls,
			labels,
		)?.since;
	};
	await client.query(sql);
	const first = await start();
	expect(first).toBeLessThan(Date.now());
	expect(await start()).toBe(first);
	await client.query(`SELECT "Extensions".pg_stat_statements_reset()`);
	const reset = Date.now();
	await client.query(sql);
	expect(await start()).toBeGreaterThanOrEqual(reset - 1000);
});
