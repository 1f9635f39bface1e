import type { ReadOnlyDatabase } from "../../postgres/read-only-database.ts";
import { withoutDatabase } from "../values/source-reader.ts";
import { readSqlNumbers } from "../values/sql-numbers.ts";
import { inSqlSpan, reasonOf } from "../values/sql-span.ts";
import {
	createMeasurement,
	type Measurement,
	type Taken,
} from "./measurement.ts";

/** A query of one column of numbers. */
export interface RowsConfig {
	readonly sql: string;
	/** Seconds. */
	readonly timeout: number;
}

/** Rows that are read at most: they are in memory, for a moment. */
export const mostRows = 100_000;

/**
 * Measures something of many numbers.
 * @param most rows that the query may have
 */
export function measureRows(
	name: string,
	interval: number,
	{ sql, timeout }: RowsConfig,
	most: number,
	database: ReadOnlyDatabase | undefined,
	take: (numbers: readonly number[]) => Promise<Taken> | Taken,
): Measurement {
	return createMeasurement(name, interval, async (signal) => {
		if (database === undefined) return unread(withoutDatabase);
		const { outcome, traceId } = await inSqlSpan(name, undefined, () =>
			readSqlNumbers(database, sql, most, { timeout, signal }),
		);
		if (outcome.status === "rejected") {
			return { ...unread(reasonOf(outcome.reason)), traceId };
		}
		return { ...(await take(outcome.value)), traceId };
	});
}

function unread(reason: string): Taken {
	return { problem: `could not be read: ${reason}` };
}
