import type pg from "pg";
import { type PostgresServer, startPostgres, until } from "../postgres.ts";
import { RepeatedQuery } from "./repeated-query.ts";

/** Connections that the server leaves to clients: one is a percent. */
const clients = 100;
const everyClient =
	"SELECT count(*)::int AS count FROM pg_stat_activity WHERE backend_type = 'client backend'";

/** A Postgres that has little cache, few connections, and nobody who freezes old rows. */
export class BusyDatabase {
	readonly server: PostgresServer;
	readonly #worker: pg.Client;
	readonly #held: pg.Client[] = [];
	#reading: RepeatedQuery | undefined;

	private constructor(server: PostgresServer, worker: pg.Client) {
		this.server = server;
		this.#worker = worker;
	}

	static async start(): Promise<BusyDatabase> {
		const server = await startPostgres({
			max_connections: `${clients + 3}`,
			shared_buffers: "4MB",
			autovacuum: "off",
		});
		const worker = await server.connect();
		// Ten times the cache.
		await worker.query(
			"CREATE TABLE large AS SELECT repeat('x', 200) FROM generate_series(1, 200000)",
		);
		return new BusyDatabase(server, worker);
	}

	/** Opens connections until so many are in use. */
	async connectUntil(count: number): Promise<void> {
		const { rows } = await this.#worker.query<{ count: number }>(everyClient);
		const missing = count - (rows[0]?.count ?? Number.NaN);
		for (let i = 0; i < missing; i++) {
			this.#held.push(await this.server.connect());
		}
	}

	async disconnect(): Promise<void> {
		await Promise.all(this.#held.splice(0).map((client) => client.end()));
	}

	/** Waits until fewer connections than that are in use. */
	untilFewerThan(count: number): Promise<void> {
		return until(this.#worker, `(${everyClient}) < ${count}`);
	}

	/** Reads again and again what the cache has no room for. */
	async readLargeTable(): Promise<void> {
		const client = await this.server.connect();
		this.#reading = new RepeatedQuery(client, "SELECT count(*) FROM large");
	}

	async stopReading(): Promise<void> {
		await this.#reading?.stop();
	}

	/** Takes so many transaction ids. */
	async takeIds(count: number): Promise<void> {
		await this.#worker.query(
			`DO $$ BEGIN FOR i IN 1..${count} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`,
		);
	}

	async freeze(): Promise<void> {
		await this.#worker.query(
			"ALTER DATABASE template0 WITH ALLOW_CONNECTIONS true",
		);
		for (const database of ["postgres", "template0", "template1"]) {
			const client = await this.server.connect({ database });
			await client.query("VACUUM (FREEZE)");
			await client.end();
		}
	}
}
