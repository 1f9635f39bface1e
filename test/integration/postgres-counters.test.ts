import { stat } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Collector } from "../../src/collection/collector.ts";
import type { Reading } from "../../src/metrics/metric.ts";
import { postgresMetrics } from "../../src/metrics/postgres.ts";
import { createPostgresCollector } from "../../src/system/postgres/collector.ts";
import {
	type PostgresServer,
	startPostgres,
	until,
} from "../support/postgres.ts";
import { measured, readingOf } from "../support/readings.ts";

/** Monitor and observer are in another database, so that they do not move what they compare. */
const own = { database: "monitoring" };
const database = "postgres";

let server: PostgresServer;
let observer: pg.Client;
let collector: Collector;

beforeAll(async () => {
	server = await startPostgres({ deadlock_timeout: "20ms", autovacuum: "off" });
	await work(async (session) => {
		await session.query("CREATE DATABASE monitoring");
		await session.query("CREATE TABLE item (id int PRIMARY KEY, name text)");
		await session.query(
			"INSERT INTO item SELECT i, md5(i::text) FROM generate_series(1, 50000) i",
		);
	});
	observer = await server.connect(own);
	collector = createPostgresCollector({ url: server.url(own) });
});
afterAll(async () => {
	await collector?.close?.();
	await server?.stop();
});

async function collect(): Promise<readonly Reading[]> {
	const { readings, problems } = await collector.collect(
		new AbortController().signal,
	);
	expect(problems).toEqual([]);
	return readings;
}

/** Works in a session of its own: at its end the server has counted all that it did. */
async function work(task: (session: pg.Client) => Promise<unknown>) {
	const session = await server.connect();
	await task(session);
	await session.end();
}

async function observe(sql: string): Promise<number> {
	const { rows } = await observer.query<{ value: string }>(
		`SELECT (${sql}) AS value`,
	);
	return Number(rows[0]?.value);
}

const counted = (column: string) =>
	`SELECT ${column} FROM pg_stat_database WHERE datname = '${database}'`;

test("gives the counters that pg_stat_database has of a database", async () => {
	await work(async (session) => {
		await session.query(
			"BEGIN; UPDATE item SET name = 'x' WHERE id < 10; ROLLBACK",
		);
		await session.query("DELETE FROM item WHERE id = 50000");
		await session.query("SET work_mem = '64kB'");
		await session.query(
			"SELECT * FROM item ORDER BY name LIMIT 1 OFFSET 40000",
		);
	});
	await until(observer, `(${counted("temp_files")}) > 0`);

	const readings = await collect();
	const { transactions, tuples } = postgresMetrics;
	for (const [metric, column, labels] of [
		[transactions, "xact_commit", { outcome: "commit" }],
		[transactions, "xact_rollback", { outcome: "rollback" }],
		[postgresMetrics.deadlocks, "deadlocks", {}],
		[postgresMetrics.blocksHit, "blks_hit", {}],
		[postgresMetrics.blocksRead, "blks_read", {}],
		[tuples, "tup_returned", { operation: "returned" }],
		[tuples, "tup_fetched", { operation: "fetched" }],
		[tuples, "tup_inserted", { operation: "inserted" }],
		[tuples, "tup_updated", { operation: "updated" }],
		[tuples, "tup_deleted", { operation: "deleted" }],
		[postgresMetrics.tempFiles, "temp_files", {}],
		[postgresMetrics.tempBytes, "temp_bytes", {}],
	] as const) {
		const expected = await observe(counted(column));
		expect(measured(readings, metric, { database, ...labels }), column).toBe(
			expected,
		);
		if (column !== "deadlocks" && column !== "blks_read") {
			expect(expected, column).toBeGreaterThan(0);
		}
	}
});

test("counts a deadlock", async () => {
	const before = measured(await collect(), postgresMetrics.deadlocks, {
		database,
	});
	await work((first) =>
		work(async (second) => {
			await first.query("BEGIN; UPDATE item SET name = 'a' WHERE id = 1");
			await second.query("BEGIN; UPDATE item SET name = 'b' WHERE id = 2");
			const outcomes = await Promise.allSettled([
				first.query("UPDATE item SET name = 'a' WHERE id = 2"),
				second.query("UPDATE item SET name = 'b' WHERE id = 1"),
			]);
			expect(outcomes.map(({ status }) => status).sort()).toEqual([
				"fulfilled",
				"rejected",
			]);
		}),
	);
	await until(observer, `(${counted("deadlocks")}) = 1`);
	expect(before).toBe(0);
	expect(
		measured(await collect(), postgresMetrics.deadlocks, { database }),
	).toBe(1);
});

test("counts the processes at work in a database", async () => {
	await work(async () => {
		const readings = await collect();
		expect(measured(readings, postgresMetrics.backends, { database })).toBe(1);
		expect(measured(readings, postgresMetrics.backends, own)).toBe(2);
	});
});

test("tells the size of every database that takes connections, and how near each is to wraparound", async () => {
	const readings = await collect();
	for (const name of ["postgres", "monitoring"]) {
		expect(measured(readings, postgresMetrics.size, { database: name })).toBe(
			await observe(`pg_database_size('${name}')`),
		);
	}
	for (const name of ["postgres", "monitoring", "template0", "template1"]) {
		const of = (age: string) =>
			observe(`SELECT ${age} FROM pg_database WHERE datname = '${name}'`);
		expect(
			measured(readings, postgresMetrics.transactionAge, { database: name }),
		).toBe(await of("age(datfrozenxid)"));
		expect(
			measured(readings, postgresMetrics.multixactAge, { database: name }),
		).toBe(await of("mxid_age(datminmxid)"));
	}
});

test("counts checkpoints since the server began to", async () => {
	const requested = { reason: "requested" };
	const before = await collect();
	await observer.query("CHECKPOINT");
	// Postgres 13 and 14 pass counters on twice a second.
	await expect
		.poll(async () =>
			measured(await collect(), postgresMetrics.checkpoints, requested),
		)
		.toBe(
			(measured(before, postgresMetrics.checkpoints, requested) ?? Number.NaN) +
				1,
		);

	const after = await collect();
	expect(measured(after, postgresMetrics.checkpointWrite)).toBeGreaterThan(0);
	expect(readingOf(after, postgresMetrics.checkpoints, requested)?.since).toBe(
		1000 *
			(await observe(
				"SELECT extract(epoch FROM stats_reset) FROM pg_stat_bgwriter",
			)),
	);
});

async function startOfCommits(): Promise<number> {
	const labels = { database, outcome: "commit" };
	return (
		readingOf(await collect(), postgresMetrics.transactions, labels)?.since ??
		Number.NaN
	);
}

test("takes the counters of a database to begin with the cluster", async () => {
	const { mtimeMs } = await stat(join(server.dataDir, "PG_VERSION"));
	const start = await startOfCommits();
	expect(start).toBeGreaterThan(mtimeMs - 5000);
	expect(start).toBeLessThan(mtimeMs + 1000);
});

test("keeps that beginning when a single table's counters are reset, though stats_reset moves", async () => {
	const start = await startOfCommits();
	const commits = await observe(counted("xact_commit"));
	await work((session) =>
		session.query(
			"SELECT pg_stat_reset_single_table_counters('item'::regclass)",
		),
	);
	await until(
		observer,
		`(${counted("stats_reset")}) > now() - interval '1 minute'`,
	);
	expect(await observe(counted("xact_commit"))).toBeGreaterThanOrEqual(commits);
	expect(await startOfCommits()).toBe(start);
});

test.each([
	["a reset", () => work((session) => session.query("SELECT pg_stat_reset()"))],
	[
		"a crash",
		async () => {
			await server.kill();
			await server.restart();
			observer = await server.connect(own);
		},
	],
])(
	"moves that beginning to the last collection when the counters have fallen by %s",
	async (_, fall) => {
		const commits = await observe(counted("xact_commit"));
		const beforeLast = Date.now();
		await startOfCommits();
		const afterLast = Date.now();
		await fall();
		await until(observer, `(${counted("xact_commit")}) < ${commits}`);
		const start = await startOfCommits();
		expect(start).toBeGreaterThanOrEqual(beforeLast);
		expect(start).toBeLessThanOrEqual(afterLast);
	},
);
