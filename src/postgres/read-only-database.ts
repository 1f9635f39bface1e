import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { type Address, nameOf } from "../config/database-address.ts";
import { Attempt } from "./attempt.ts";
import {
	cancelled,
	crowded,
	ReadFailure,
	silent,
	stopped,
	unreachable,
} from "./query-failure.ts";
import { type Read, readInTransaction } from "./read-only-transaction.ts";
import { openSession } from "./session.ts";
import { SessionPool } from "./session-pool.ts";
import { subquery } from "./subquery.ts";

const mostSessions = 2;

export interface ReadOptions {
	/** For `$1`, `$2`, …, as text; the server knows their types from the query, which may have to name them (`$1::int`). */
	readonly values?: readonly (string | null)[];
	/** Seconds, those of waiting for other reads included. */
	readonly timeout: number;
	readonly signal: AbortSignal;
	/** Rows that are read at most: the server leaves out what is more. */
	readonly maxRows: number;
	/** What is taken of the query's rows; all columns unless given. */
	readonly select?: string;
	/** What the query's rows and columns are called in `select`; `measured` unless given. */
	readonly alias?: string;
}

export interface ReadOnlyDatabaseOptions {
	/** This machine's clock, in Unix milliseconds. */
	readonly now?: () => number;
	/** Seconds after which a connection that is not used is closed; 60 unless given. */
	readonly idleTime?: number;
}

/**
 * A database that runs queries of users, and is never written to: each is one `SELECT` in a read-only transaction.
 * Two connections at most are kept between the reads, and renewed by themselves; the reads are served in their order.
 */
export class ReadOnlyDatabase {
	readonly #name: string;
	readonly #pool: SessionPool;
	readonly #now: () => number;
	readonly #closing = new AbortController();
	readonly #running = new Set<Promise<Read>>();

	constructor(address: Address, options: ReadOnlyDatabaseOptions = {}) {
		this.#name = nameOf(address);
		this.#now = options.now ?? Date.now;
		this.#pool = new SessionPool({
			size: mostSessions,
			idleTime: options.idleTime ?? 60,
			open: (signal) => openSession(address, signal),
			isHarmless: (error) => error instanceof ReadFailure,
		});
	}

	/**
	 * Runs a query, without making spans of it.
	 * @throws ReadFailure, whose message is a sentence that holds no values
	 */
	read(sql: string, options: ReadOptions): Promise<Read> {
		const read = context.with(suppressTracing(context.active()), () =>
			this.#read(sql, options),
		);
		const done = () => this.#running.delete(read);
		this.#running.add(read);
		read.then(done, done);
		return read;
	}

	/** Ends the reads that run, and closes all connections. */
	async close(): Promise<void> {
		this.#closing.abort();
		await Promise.allSettled(this.#running);
		await this.#pool.close();
	}

	async #read(sql: string, options: ReadOptions): Promise<Read> {
		const { timeout, signal, maxRows, values = [], select, alias } = options;
		const query = subquery(sql, maxRows, select, alias);
		const attempt = new Attempt(timeout, [signal, this.#closing.signal]);
		let runs = false;
		let cancelledFrom = Number.POSITIVE_INFINITY;
		try {
			return await this.#pool.use(
				attempt.signal,
				(session) => {
					const limit = serverLimit(attempt.left);
					cancelledFrom = performance.now() + limit;
					return readInTransaction(session, query, values, limit, this.#now);
				},
				() => {
					runs = true;
				},
			);
		} catch (error) {
			if (attempt.wasStopped) throw stopped();
			if (attempt.signal.aborted) {
				throw runs ? silent(this.#name, timeout) : crowded(timeout);
			}
			if (!(error instanceof ReadFailure)) throw unreachable(this.#name, error);
			if (error.errorType !== "57014") throw error;
			throw cancelled(timeout, performance.now() >= cancelledFrom);
		} finally {
			attempt.release();
		}
	}
}

/** Milliseconds in which the server is to cancel a query itself: before its time is over here, to save the connection. */
function serverLimit(left: number): number {
	return Math.max(1, Math.floor(left - Math.min(500, left / 5)));
}
