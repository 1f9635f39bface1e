import type {
	ReadOnlyDatabase,
	ReadOptions,
} from "../../postgres/read-only-database.ts";
import { isTrue, type Row, textIn, textOrNull } from "../../postgres/row.ts";
import type { SourceValue } from "./source.ts";
import { finiteNumber, typeAdvice } from "./sql-types.ts";
import { Unreadable } from "./unreadable.ts";

export interface SqlValue {
	readonly value: SourceValue;
	/** Seconds that the database's clock is ahead of this machine's. */
	readonly clockSkew: number;
}

/**
 * The one value of a query's one row, read by one query.
 * A time without a zone is one of the role's time zone. Its age is told by the database, whose clock is never compared.
 * @throws ReadFailure if the query has no answer, Unreadable if the answer is no value
 */
export async function readSqlValue(
	database: ReadOnlyDatabase,
	sql: string,
	options: Pick<ReadOptions, "timeout" | "signal" | "values">,
): Promise<SqlValue> {
	const { rows, clockSkew } = await database.read(sql, {
		...options,
		maxRows: 2,
		select,
		alias: `measured (${column}), ${typeOfColumn}`,
	});
	if (rows.length > 1) {
		throw new Unreadable("the query gives more than one row: one is expected");
	}
	const [row] = rows;
	const value: SourceValue =
		row === undefined || isTrue(row, "is_nothing")
			? { kind: "nothing" }
			: valueIn(row);
	return { value, clockSkew };
}

/** A name that no second column of the query is likely to have. */
const column = "monitored_value";

/** The type of the value; for a domain, the type below it. */
const typeOfColumn = `LATERAL (
	SELECT pg_catalog.format_type(coalesce(nullif(t.typbasetype, 0), t.oid), NULL) AS name
	  FROM pg_catalog.pg_type t
	 WHERE t.oid = pg_catalog.pg_typeof(measured.${column})) AS type`;

/**
 * Only what may be a value is sent: a text may be long, and no one's business. The age is a difference of two numbers,
 * since older servers do not subtract a time that is infinite.
 */
const select = `
	type.name AS type,
	${column} IS NULL AS is_nothing,
	CASE WHEN type.name IN ('smallint', 'integer', 'bigint', 'real', 'double precision', 'numeric', 'boolean')
	     THEN ${column}::text END AS number,
	CASE WHEN type.name IN ('timestamp with time zone', 'timestamp without time zone', 'date')
	     THEN extract(epoch FROM pg_catalog.clock_timestamp())
	        - extract(epoch FROM ${column}::text::timestamptz) END AS age`;

function valueIn(row: Row): SourceValue {
	const age = textOrNull(row, "age");
	if (age !== null) return { kind: "time", age: finiteNumber(age, "time") };
	const number = textOrNull(row, "number");
	if (number === null) throw typeAdvice(textIn(row, "type"));
	return { kind: "number", value: finiteNumber(number, "number") };
}
