import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Collection, Collector } from "../../src/collection/collector.ts";
import { postgresMetrics } from "../../src/metrics/postgres.ts";
import { createPostgresCollector } from "../../src/system/postgres/collector.ts";
import {
	type PostgresServer,
	password,
	startPostgres,
	startStandby,
	until,
} from "../support/postgres.ts";
import { measured } from "../support/readings.ts";
import { waitFor } from "../support/wait-for.ts";

const replica = "second_floor";

let primary: PostgresServer;
let standby: PostgresServer;
let writer: pg.Client;
let reader: pg.Client;
let ofPrimary: Collector;
let ofStandby: Collector;

beforeAll(async () => {
	primary = await startPostgres();
	writer = await primary.connect();
	await writer.query(`CREATE ROLE plain LOGIN PASSWORD '${password}'`);
	await writer.query("CREATE TABLE item (id int)");
	standby = await startStandby(primary, replica);
	writer = await primary.connect();
	reader = await standby.connect();
	ofPrimary = createPostgresCollector({ url: primary.url() });
	ofStandby = createPostgresCollector({ url: standby.url() });
	await until(
		writer,
		"(SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming') = 1",
	);
});
afterAll(async () => {
	await Promise.all([ofPrimary?.close?.(), ofStandby?.close?.()]);
	await standby?.stop();
	await primary?.stop();
});

async function collect(from: Collector): Promise<Collection> {
	const collection = await from.collect(new AbortController().signal);
	expect(collection.problems).toEqual([]);
	return collection;
}

async function standbyLagNow(): Promise<number | undefined> {
	const { readings } = await collect(ofStandby);
	return measured(readings, postgresMetrics.standbyLag);
}

const caughtUp =
	"(SELECT replay_lsn = pg_current_wal_lsn() FROM pg_stat_replication)";

/** What is read while the primary writes no WAL, which it does now and then by itself. */
async function inQuiet<Value>(read: () => Promise<Value>): Promise<Value> {
	const position = async () => {
		const { rows } = await writer.query<{ now: string }>(
			"SELECT pg_current_wal_lsn() AS now",
		);
		return rows[0]?.now;
	};
	for (;;) {
		const before = await position();
		const value = await read();
		if ((await position()) === before) return value;
	}
}

test("a primary and its standby say which is which", async () => {
	expect(
		measured((await collect(ofPrimary)).readings, postgresMetrics.inRecovery),
	).toBe(0);
	expect(
		measured((await collect(ofStandby)).readings, postgresMetrics.inRecovery),
	).toBe(1);
});

test("a standby that has replayed everything has no lag, on either side", async () => {
	await writer.query("INSERT INTO item SELECT generate_series(1, 1000)");
	const { readings, own } = await inQuiet(async () => {
		await until(writer, caughtUp);
		await until(
			reader,
			"(SELECT latest_end_lsn = pg_last_wal_replay_lsn() FROM pg_stat_wal_receiver)",
		);
		return {
			readings: (await collect(ofPrimary)).readings,
			own: (await collect(ofStandby)).readings,
		};
	});
	expect(
		measured(readings, postgresMetrics.replicationLagBytes, { replica }),
	).toBe(0);
	expect(measured(readings, postgresMetrics.replicationLag, { replica })).toBe(
		0,
	);
	expect(measured(own, postgresMetrics.standbyStreaming)).toBe(1);
	expect(measured(own, postgresMetrics.standbyLagBytes)).toBe(0);
	expect(measured(own, postgresMetrics.standbyLag)).toBe(0);
});

test("a standby whose replay is held up is behind by the WAL and the time since, on both sides", async () => {
	await writer.query("INSERT INTO item VALUES (0)");
	await until(writer, caughtUp);
	await reader.query("SELECT pg_wal_replay_pause()");
	await until(reader, "pg_is_wal_replay_paused()");
	await writer.query("INSERT INTO item SELECT generate_series(1, 1000)");
	const { bytes, readings, own } = await inQuiet(async () => {
		await until(
			writer,
			"(SELECT flush_lsn = pg_current_wal_lsn() FROM pg_stat_replication)",
		);
		await until(
			reader,
			"(SELECT latest_end_lsn > pg_last_wal_replay_lsn() FROM pg_stat_wal_receiver)",
		);
		const behind = await writer.query<{ bytes: string }>(
			"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) AS bytes FROM pg_stat_replication",
		);
		return {
			bytes: Number(behind.rows[0]?.bytes),
			readings: (await collect(ofPrimary)).readings,
			own: (await collect(ofStandby)).readings,
		};
	});
	expect(bytes).toBeGreaterThan(1000);
	expect(
		measured(readings, postgresMetrics.replicationLagBytes, { replica }),
	).toBe(bytes);

	expect(measured(own, postgresMetrics.standbyLagBytes)).toBe(bytes);
	const age = measured(own, postgresMetrics.standbyLag);
	const { rows } = await reader.query<{ age: number }>(
		"SELECT extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8 AS age",
	);
	expect(age).toBeGreaterThan(0);
	expect(age).toBeLessThan(rows[0]?.age ?? Number.NaN);
	await reader.query("SELECT pg_wal_replay_resume()");
	const resumed = await inQuiet(async () => {
		await until(writer, caughtUp);
		return (await collect(ofPrimary)).readings;
	});
	expect(
		measured(resumed, postgresMetrics.replicationLagBytes, { replica }),
	).toBe(0);
});

test("a standby is behind since it last had all, not since its idle primary's last transaction", async () => {
	await writer.query("INSERT INTO item VALUES (0)");
	await until(
		reader,
		"clock_timestamp() - pg_last_xact_replay_timestamp() > interval '2 s'",
	);
	const before = performance.now();
	await waitFor(async () => (await standbyLagNow()) === 0);

	await reader.query("SELECT pg_wal_replay_pause()");
	await until(reader, "pg_is_wal_replay_paused()");
	await writer.query("INSERT INTO item VALUES (0)");
	await until(
		reader,
		"(SELECT latest_end_lsn > pg_last_wal_replay_lsn() FROM pg_stat_wal_receiver)",
	);
	const first = await standbyLagNow();
	const second = await standbyLagNow();
	const most = (performance.now() - before) / 1000;
	expect(first).toBeGreaterThan(0);
	expect(second).toBeGreaterThan(first ?? Number.NaN);
	expect(second).toBeLessThan(most);

	await reader.query("SELECT pg_wal_replay_resume()");
	await waitFor(async () => (await standbyLagNow()) === 0);
});

test("a client that copies the server and replays nothing has no lag to tell of", async () => {
	const copier = await primary.connect({
		parameters: { replication: "database", application_name: "copying" },
	});
	await until(
		writer,
		"(SELECT count(*) FROM pg_stat_replication WHERE application_name = 'copying') = 1",
	);
	const { readings } = await collect(ofPrimary);
	await copier.end();
	expect(readings.some(({ labels }) => labels.replica === replica)).toBe(true);
	expect(readings.some(({ labels }) => labels.replica === "copying")).toBe(
		false,
	);
});

test("a replication slot tells whether it is used, and what WAL is kept for it", async () => {
	await writer.query(
		"SELECT pg_create_physical_replication_slot('kept', true), pg_create_physical_replication_slot('unused')",
	);
	await writer.query("INSERT INTO item SELECT generate_series(1, 1000)");
	const { bytes, readings } = await inQuiet(async () => {
		const { rows } = await writer.query<{ bytes: string }>(
			"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) AS bytes FROM pg_replication_slots WHERE slot_name = 'kept'",
		);
		return {
			bytes: Number(rows[0]?.bytes),
			readings: (await collect(ofPrimary)).readings,
		};
	});
	expect(bytes).toBeGreaterThan(1000);
	expect(
		measured(readings, postgresMetrics.slotRetained, { slot: "kept" }),
	).toBe(bytes);
	expect(measured(readings, postgresMetrics.slotActive, { slot: "kept" })).toBe(
		0,
	);
	expect(
		measured(readings, postgresMetrics.slotActive, { slot: "unused" }),
	).toBe(0);
	expect(
		measured(readings, postgresMetrics.slotRetained, { slot: "unused" }),
	).toBeUndefined();
});

test("a slot in use is active", async () => {
	await reader.query("ALTER SYSTEM SET primary_slot_name = 'kept'");
	await reader.query("SELECT pg_reload_conf()");
	await until(
		writer,
		"(SELECT active FROM pg_replication_slots WHERE slot_name = 'kept')",
	);
	expect(
		measured((await collect(ofPrimary)).readings, postgresMetrics.slotActive, {
			slot: "kept",
		}),
	).toBe(1);
});

test("a role without pg_monitor is told why it sees no lag, on either side", async () => {
	for (const [server, what] of [
		[primary, "the lag of replicas"],
		[standby, "the standby's lag"],
	] as const) {
		const collector = createPostgresCollector({
			url: server.url({ user: "plain" }),
		});
		const { readings, absent } = await collect(collector);
		await collector.close?.();
		expect(absent).toContain(
			`${what}: the role plain lacks the privileges of pg_monitor: GRANT pg_monitor TO plain`,
		);
		const { replicationLagBytes, replicationLag, standbyLagBytes, standbyLag } =
			postgresMetrics;
		const lags: unknown[] = [
			replicationLagBytes,
			replicationLag,
			standbyLagBytes,
			standbyLag,
		];
		expect(readings.some(({ metric }) => lags.includes(metric))).toBe(false);
	}
});

test("a standby without its primary streams no more, and its lag grows", async () => {
	await primary.kill();
	await until(
		reader,
		"NOT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')",
	);
	const first = (await collect(ofStandby)).readings;
	expect(measured(first, postgresMetrics.standbyStreaming)).toBe(0);
	expect(measured(first, postgresMetrics.standbyLagBytes)).toBeUndefined();
	const second = (await collect(ofStandby)).readings;
	expect(measured(second, postgresMetrics.standbyLag)).toBeGreaterThan(
		measured(first, postgresMetrics.standbyLag) ?? Number.NaN,
	);
});

test("a standby that is promoted says so in the next round", async () => {
	await reader.query("SELECT pg_promote()");
	const { readings } = await collect(ofStandby);
	expect(measured(readings, postgresMetrics.inRecovery)).toBe(0);
	expect(measured(readings, postgresMetrics.standbyStreaming)).toBeUndefined();
});
