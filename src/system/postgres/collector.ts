import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { Collection, Collector } from "../../collection/collector.ts";
import {
	type Address,
	nameOf,
	parseAddress,
} from "../../config/database-address.ts";
import { gauge } from "../../metrics/metric.ts";
import { postgresMetrics } from "../../metrics/postgres.ts";
import { reasonOf } from "../../postgres/failure.ts";
import { openSession, type Session } from "../../postgres/session.ts";
import { CounterStarts } from "./counter-starts.ts";
import { createSubjects, readServer } from "./read-server.ts";

export interface PostgresCollectorOptions {
	/** `postgresql://user:password@host:port/database?sslmode=…`, as libpq takes it. */
	readonly url: string;
	/** Seconds in which the database has to answer; 5 unless told otherwise. */
	readonly timeLimit?: number;
}

/**
 * Reads a Postgres server, of version 13 to 18, by one connection that is kept between the collections.
 * A database that is away is a reading too: `db_up` is 0 then, and a problem says why.
 * @throws Error if the URL can't be one of a database; its message holds no secret
 */
export function createPostgresCollector(
	options: PostgresCollectorOptions,
): Collector {
	return new PostgresCollector(parseAddress(options.url), options.timeLimit);
}

class PostgresCollector implements Collector {
	readonly name = "postgres";
	readonly timeLimit: number;
	readonly #address: Address;
	readonly #answerLimit: number;
	readonly #subjects = createSubjects();
	readonly #starts = new CounterStarts();
	#session: Session | undefined;
	#round: AbortController | undefined;

	constructor(address: Address, answerLimit = 5) {
		this.#address = address;
		this.#answerLimit = answerLimit;
		// A second more, so that this collector itself can say that the database did not answer.
		this.timeLimit = answerLimit + 1;
	}

	collect(signal: AbortSignal): Promise<Collection> {
		return context.with(suppressTracing(context.active()), () =>
			this.#collect(signal),
		);
	}

	async close(): Promise<void> {
		this.#round?.abort();
		await this.#session?.close();
	}

	async #collect(signal: AbortSignal): Promise<Collection> {
		const round = new AbortController();
		this.#round = round;
		const abort = () => round.abort();
		signal.addEventListener("abort", abort, { once: true });
		const timer = setTimeout(abort, this.#answerLimit * 1000);
		try {
			return await this.#read(round.signal);
		} catch (error) {
			await this.#session?.destroy();
			const reason = round.signal.aborted
				? `it did not answer within ${this.#answerLimit} s: look at its load, and at the network between`
				: reasonOf(error);
			return {
				readings: [gauge(postgresMetrics.up, 0)],
				problems: [`${nameOf(this.#address)} cannot be read: ${reason}`],
			};
		} finally {
			clearTimeout(timer);
			signal.removeEventListener("abort", abort);
		}
	}

	async #read(signal: AbortSignal): Promise<Collection> {
		const kept = this.#session;
		if (kept?.isOpen) {
			try {
				return await this.#readBy(kept, signal);
			} catch (error) {
				// A kept connection may have died unnoticed; whether the database is away, a new one tells.
				if (signal.aborted) throw error;
			}
		}
		await kept?.destroy();
		this.#session = await openSession(this.#address, signal);
		return this.#readBy(this.#session, signal);
	}

	async #readBy(session: Session, signal: AbortSignal): Promise<Collection> {
		const drop = () => session.destroy();
		signal.addEventListener("abort", drop, { once: true });
		const at = Date.now();
		try {
			const read = await readServer(session, this.#subjects, this.#answerLimit);
			return {
				readings: [
					gauge(postgresMetrics.up, 1),
					...this.#starts.dated(read.readings, at),
				],
				problems: read.problems.map(
					(problem) => `${nameOf(this.#address)}: ${problem}`,
				),
				absent: read.absent,
			};
		} finally {
			signal.removeEventListener("abort", drop);
		}
	}
}
