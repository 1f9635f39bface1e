import { isSqlError, queryFailure } from "./query-failure.ts";
import { numberIn } from "./row.ts";
import type { QueryAnswer, Session } from "./session.ts";
import type { Subquery } from "./subquery.ts";

export interface Read extends QueryAnswer {
	/** Seconds that the database's clock is ahead of this machine's, to within half a round trip. */
	readonly clockSkew: number;
}

/**
 * Runs a user's query in a read-only transaction of its own, in two round trips: the first alone, so that nothing is
 * ever asked outside of the transaction. Whatever the query has set is undone with it, as behind a transaction pooler
 * the session will then be another client's.
 * @param limit milliseconds after which the server cancels the query
 * @param now this machine's clock, in Unix milliseconds
 * @throws ReadFailure if it is for the query itself, and the session can be used on
 */
export async function readInTransaction(
	session: Session,
	query: Subquery,
	values: readonly (string | null)[],
	limit: number,
	now: () => number,
): Promise<Read> {
	await session.query("BEGIN READ ONLY");
	const sentAt = now();
	const [skew, answer, ended] = await Promise.allSettled([
		session.query(settings(limit)).then(([row = {}]) => {
			const middle = (sentAt + now()) / 2000;
			return numberIn(row, "now") - middle;
		}),
		session.queryWith(query.sql, values),
		session.query("ROLLBACK"),
	]);
	// The server's last words, if it had any, come before what followed from them.
	if (skew.status === "rejected") throw skew.reason;
	if (answer.status === "rejected") {
		const { reason } = answer;
		const isUsable = ended.status === "fulfilled" && isSqlError(reason);
		throw isUsable ? queryFailure(reason, query) : reason;
	}
	if (ended.status === "rejected") throw ended.reason;
	return { ...answer.value, clockSkew: skew.value };
}

/** Whether the server can look for its client in the middle of a query: since 14, and not on all platforms. */
const noticesLostClients = `pg_catalog.current_setting('server_version_num')::int >= 140000
            AND pg_catalog.strpos(pg_catalog.version(), 'linux') > 0`;

/**
 * What the user's role has set as search_path and time zone holds; times are told in a form that can be read back.
 * Should this process hang or be gone, the server ends the transaction; where it can, within a second of a lost connection.
 */
const settings = (limit: number) => `
SELECT pg_catalog.set_config('statement_timeout', '${limit}', true),
       pg_catalog.set_config('lock_timeout', '${Math.ceil(limit * 0.8)}', true),
       pg_catalog.set_config('idle_in_transaction_session_timeout', '${limit + 10_000}', true),
       pg_catalog.set_config('datestyle', 'ISO', true),
       CASE WHEN ${noticesLostClients} THEN pg_catalog.set_config('client_connection_check_interval', '1000', true) END,
       extract(epoch FROM pg_catalog.clock_timestamp()) AS now`;
