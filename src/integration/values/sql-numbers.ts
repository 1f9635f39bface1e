import type {
	ReadOnlyDatabase,
	ReadOptions,
} from "../../postgres/read-only-database.ts";
import { finiteNumber } from "./sql-types.ts";
import { Unreadable } from "./unreadable.ts";

/** OIDs of smallint, integer, bigint, real, double precision and numeric. Source: Postgres' pg_type.dat */
const numberTypes = new Set([21, 23, 20, 700, 701, 1700]);

/**
 * The numbers in a query's one column, without those that are NULL.
 * @param most rows that the query may have
 * @throws ReadFailure if the query has no answer, Unreadable if the answer is not such a column
 */
export async function readSqlNumbers(
	database: ReadOnlyDatabase,
	sql: string,
	most: number,
	options: Pick<ReadOptions, "timeout" | "signal">,
): Promise<number[]> {
	const { rows, columns } = await database.read(sql, {
		...options,
		maxRows: most + 1,
	});
	const [column, ...others] = columns;
	if (column === undefined || others.length > 0) {
		throw new Unreadable(
			`the query gives ${columns.length} columns: one is expected`,
		);
	}
	if (!numberTypes.has(column.typeId)) {
		throw new Unreadable("the query's column is not one of numbers");
	}
	if (rows.length > most) {
		throw new Unreadable(
			`the query gives more than ${most} rows: let it take a sample`,
		);
	}
	return rows.flatMap((row) => {
		const text = row[column.name];
		return text === null || text === undefined
			? []
			: [finiteNumber(text, "number")];
	});
}
