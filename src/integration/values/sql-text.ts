import type {
	ReadOnlyDatabase,
	ReadOptions,
} from "../../postgres/read-only-database.ts";
import { textOrNull } from "../../postgres/row.ts";

/** Characters of a text that are read at most. */
const mostCharacters = 65_536;

/**
 * The first column of a query's first row as Postgres' text, cut if it is long: null for NULL, undefined where there is
 * no row.
 * @throws ReadFailure if the query has no answer
 */
export async function readSqlText(
	database: ReadOnlyDatabase,
	sql: string,
	options: Pick<ReadOptions, "timeout" | "signal" | "values">,
): Promise<string | null | undefined> {
	const {
		rows: [row],
	} = await database.read(sql, {
		...options,
		maxRows: 1,
		select: `pg_catalog.left(monitored_value::text, ${mostCharacters}) AS text`,
		alias: "measured (monitored_value)",
	});
	return row && textOrNull(row, "text");
}
