import type pg from "pg";
import { expect } from "vitest";
import {
	type PostgresServer,
	startPostgres,
	startStandby,
	until,
} from "../postgres.ts";
import { RepeatedQuery } from "./repeated-query.ts";

/** A Postgres and a standby that streams from it. */
export class ReplicatedDatabase {
	readonly primary: PostgresServer;
	readonly standby: PostgresServer;
	readonly #writer: pg.Client;
	readonly #replaying: pg.Client;
	#writing: RepeatedQuery | undefined;
	#connectionToPrimary = "";

	private constructor(
		primary: PostgresServer,
		standby: PostgresServer,
		writer: pg.Client,
		replaying: pg.Client,
	) {
		this.primary = primary;
		this.standby = standby;
		this.#writer = writer;
		this.#replaying = replaying;
	}

	/** @param replica how the primary knows its standby */
	static async start(replica: string): Promise<ReplicatedDatabase> {
		const primary = await startPostgres({ deadlock_timeout: "20ms" });
		const standby = await startStandby(primary, replica);
		const writer = await primary.connect();
		const replaying = await standby.connect();
		await writer.query("CREATE TABLE item (id int PRIMARY KEY)");
		await writer.query("INSERT INTO item VALUES (1), (2)");
		await writer.query("CREATE TABLE history (at timestamptz)");
		return new ReplicatedDatabase(primary, standby, writer, replaying);
	}

	/** Begins a transaction, and leaves it open. */
	async begin(): Promise<void> {
		await this.#writer.query("BEGIN; SELECT FROM item");
	}

	/** Begins a transaction that takes a table, which another client waits for. */
	async lock(): Promise<void> {
		await this.#writer.query("BEGIN; LOCK TABLE item");
		const waiting = await this.primary.connect();
		waiting.query("SELECT FROM item").finally(() => waiting.end());
	}

	/** Ends the transaction. */
	async rollback(): Promise<void> {
		await this.#writer.query("ROLLBACK");
	}

	/** Two transactions take the same two rows, each in another order. */
	async deadlock(): Promise<void> {
		const one = await this.primary.connect();
		const other = await this.primary.connect();
		await one.query("BEGIN; UPDATE item SET id = id WHERE id = 1");
		await other.query("BEGIN; UPDATE item SET id = id WHERE id = 2");
		const outcomes = await Promise.allSettled([
			one.query("UPDATE item SET id = id WHERE id = 2"),
			other.query("UPDATE item SET id = id WHERE id = 1"),
		]);
		await Promise.all([one.end(), other.end()]);
		expect(outcomes.map(({ status }) => status)).toContain("rejected");
	}

	/** Writes what the standby is to replay, and waits until it does. */
	async write(): Promise<void> {
		const client = await this.primary.connect();
		this.#writing = new RepeatedQuery(
			client,
			"INSERT INTO history VALUES (now())",
		);
		await until(
			this.#replaying,
			"now() - pg_last_xact_replay_timestamp() < interval '0.5 s'",
		);
	}

	async stopWriting(): Promise<void> {
		await this.#writing?.stop();
	}

	/** @param time after which the standby replays what was written, such as `4s` */
	delayReplay(time: string): Promise<void> {
		return this.#set("recovery_min_apply_delay", time);
	}

	async pauseReplay(): Promise<void> {
		await this.#replaying.query("SELECT pg_wal_replay_pause()");
	}

	async resumeReplay(): Promise<void> {
		await this.#replaying.query("SELECT pg_wal_replay_resume()");
	}

	async cutOff(): Promise<void> {
		const { rows } = await this.#replaying.query<{ value: string }>(
			"SELECT current_setting('primary_conninfo') AS value",
		);
		this.#connectionToPrimary = rows[0]?.value ?? "";
		await this.#set("primary_conninfo", "");
	}

	reconnect(): Promise<void> {
		return this.#set("primary_conninfo", this.#connectionToPrimary);
	}

	/** Waits until the standby streams and replays. */
	async untilStreaming(): Promise<void> {
		await until(
			this.#writer,
			"(SELECT state FROM pg_stat_replication) = 'streaming'",
		);
		await until(this.#replaying, "NOT pg_is_wal_replay_paused()");
	}

	async stop(): Promise<void> {
		await this.standby.stop();
		await this.primary.stop();
	}

	/** Changes a setting of the standby while it runs. */
	async #set(setting: string, value: string): Promise<void> {
		await this.#replaying.query(`ALTER SYSTEM SET ${setting} = '${value}'`);
		await this.#replaying.query("SELECT pg_reload_conf()");
	}
}
