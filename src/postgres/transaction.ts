import { endsConnection } from "./failure.ts";
import type { Row } from "./row.ts";
import type { Session } from "./session.ts";

/** Milliseconds after which the server acts by itself, should the monitor hang or be gone. */
export interface Limits {
	/** It cancels a query. */
	readonly statement: number;
	/** It cancels a query that waits for a lock. */
	readonly lock: number;
	/** It ends the session, when nothing more is asked of the open transaction. */
	readonly idle: number;
}

/** What the server said to one query. */
export type Answer = PromiseSettledResult<readonly Row[]>;

/**
 * Begins a read-only transaction and asks it one query, in two round trips: the first alone, so that nothing is ever
 * asked outside of the transaction, and a pooler that has no server can say so.
 * Its settings end with it: behind a transaction pooler the session will then be another client's.
 */
export async function begin(
	session: Session,
	limits: Limits,
	sql: string,
): Promise<readonly Row[]> {
	await session.query("BEGIN READ ONLY");
	const [, , rows] = await Promise.all([
		session.query(settings(limits)),
		session.query("SAVEPOINT before_query"),
		session.query(sql),
	]);
	return rows;
}

/**
 * Asks the transaction all queries and ends it, in one round trip. A query that fails takes no other down.
 * @throws what ended the connection, if something did
 */
export async function finish(
	session: Session,
	queries: readonly string[],
): Promise<Answer[]> {
	const answers = await Promise.allSettled([
		...queries.map((sql) => askSafely(session, sql)),
		session.query("COMMIT"),
	]);
	const committed = answers.pop();
	if (committed?.status === "rejected") throw causeOf(answers, committed);
	return answers;
}

/** A failed query leaves a transaction that takes nothing but a way back; after any other, going back does no harm. */
async function askSafely(
	session: Session,
	sql: string,
): Promise<readonly Row[]> {
	const [, rows] = await Promise.all([
		session.query("ROLLBACK TO SAVEPOINT before_query"),
		session.query(sql),
	]);
	return rows;
}

/** The server's last words, if it had any, rather than the lost connection that followed. */
function causeOf(answers: Answer[], committed: PromiseRejectedResult): unknown {
	const lastWords = answers
		.filter((answer) => answer.status === "rejected")
		.find(({ reason }) => endsConnection(reason));
	return (lastWords ?? committed).reason;
}

const settings = ({ statement, lock, idle }: Limits) => `
SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),
       pg_catalog.set_config('statement_timeout', '${statement}', true),
       pg_catalog.set_config('lock_timeout', '${lock}', true),
       pg_catalog.set_config('idle_in_transaction_session_timeout', '${idle}', true)`;
