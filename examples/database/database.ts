import { type ClientBase, Pool, type PoolClient } from "pg";

/** A pool, or one connection of it inside a transaction. */
export type Database = Pool | ClientBase;

/**
 * The database of `DATABASE_URL`.
 * @param owner who asks, for `pg_stat_activity`
 * @param onLost told when a connection that nobody uses is lost; the next query takes a new one
 */
export function openDatabase(
	owner: string,
	onLost: (error: Error) => void,
): Pool {
	const connectionString = process.env.DATABASE_URL;
	if (!connectionString) {
		throw new Error("DATABASE_URL is not set: it names the demo's Postgres");
	}
	const pool = new Pool({
		connectionString,
		application_name: `demo ${owner}`,
		max: 3,
		connectionTimeoutMillis: 3000,
		// A Postgres that hangs shall not hang who asks it, for ever.
		query_timeout: 15_000,
	});
	return pool.on("error", onLost);
}

/** Runs work in a transaction, which is rolled back where the work throws. */
export async function inTransaction<T>(
	pool: Pool,
	work: (client: PoolClient) => Promise<T>,
	begin = "BEGIN",
): Promise<T> {
	const client = await pool.connect();
	// A connection that is lost is an event too, besides the failure of its query: unheard, it would end the process.
	const heard = () => {};
	client.on("error", heard);
	let failure: Error | undefined;
	try {
		await client.query(begin);
		const result = await work(client);
		await client.query("COMMIT");
		return result;
	} catch (error) {
		failure = error instanceof Error ? error : new Error(String(error));
		throw error;
	} finally {
		client.off("error", heard);
		// With a failure it is closed, and its transaction with it.
		client.release(failure);
	}
}

const batchSize = 500;

/** The items in lists that a statement can take. */
export function* batches<Item>(items: readonly Item[]): Generator<Item[]> {
	for (let at = 0; at < items.length; at += batchSize) {
		yield items.slice(at, at + batchSize);
	}
}
