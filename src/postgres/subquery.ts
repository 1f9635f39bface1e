/** Everything that may hold a semicolon without ending the query, a semicolon, or any other character. */
const tokens =
	/[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$.*?\$\1\$|--[^\n]*|\/\*.*?\*\/|./gs;

const isEmpty = /^(?:\s|;|--.*|\/\*.*)$/s;

export interface Subquery {
	readonly sql: string;
	/** Position of the user's query in it. */
	readonly start: number;
	/** Length of the user's query in it. */
	readonly length: number;
}

/**
 * A user's query in a `SELECT`, whose rows then are called `measured`. What it leaves out at the end are semicolons and
 * comments. That it stays a subquery whatever it holds, is for the extended protocol and a read-only transaction to see
 * to: a parenthesis too many can only make another `SELECT` of it.
 * @param select what is taken of the rows
 * @param alias a name for them, with names for their columns if need be
 */
export function subquery(
	sql: string,
	limit: number,
	select = "*",
	alias = "measured",
): Subquery {
	const query = withoutEnd(sql);
	const head = `SELECT ${select} FROM (\n`;
	// On a line of its own: a comment that is not known as one must not take the parenthesis away.
	const tail = `\n) AS ${alias} LIMIT ${limit}`;
	return {
		sql: head + query + tail,
		start: head.length,
		length: query.length,
	};
}

function withoutEnd(sql: string): string {
	let end = 0;
	for (const { 0: token, index } of sql.matchAll(tokens)) {
		if (!isEmpty.test(token)) end = index + token.length;
	}
	return sql.slice(0, end);
}
