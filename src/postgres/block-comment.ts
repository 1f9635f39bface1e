/**
 * Where a block comment of a Postgres statement ends: they nest. The end of the statement, if it has none.
 * Source: https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 * @param start of the comment
 */
export function endOfComment(sql: string, start: number): number {
	const mark = /\/\*|\*\//g;
	mark.lastIndex = start;
	let depth = 0;
	for (let match = mark.exec(sql); match; match = mark.exec(sql)) {
		depth += match[0] === "/*" ? 1 : -1;
		if (depth === 0) return mark.lastIndex;
	}
	return sql.length;
}
