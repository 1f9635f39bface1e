import { endOfComment } from "../postgres/block-comment.ts";

/** Characters of a statement that are kept: enough to know it, where a bulk insert would fill the span. */
const limit = 10_000;

/**
 * What stands in a Postgres statement between plain words, by its lexical rules. Where an end is missing, it is the end of
 * the statement.
 * Source: https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
const lexemes = {
	escapedString: /\be'(?:[^'\\]|\\[\s\S]|'')*(?:'|\\?$)/,
	string: /'(?:[^']|'')*(?:'|$)/,
	dollarString: /(?<![\w$])\$(?<tag>(?:[a-z_]\w*)?)\$[\s\S]*?(?:\$\k<tag>\$|$)/,
	identifier: /"(?:[^"]|"")*(?:"|$)/,
	lineComment: /--[^\n]*/,
	blockComment: /\/\*/,
	/** Not the end of a name, as in `table1`, nor of a parameter: `$1`. */
	number: /(?<![\w$])\.?\d[\w.]*(?:(?<=e)[+-]\d+)?/,
};

const lexeme = new RegExp(
	Object.values(lexemes)
		.map(({ source }) => source)
		.join("|"),
	"gi",
);

/** A statement with `?` in place of every value that is written into it, and without its comments. */
export function withoutValues(statement: string): string {
	const sql = statement.slice(0, limit);
	let result = "";
	let from = 0;
	lexeme.lastIndex = 0;
	for (let match = lexeme.exec(sql); match; match = lexeme.exec(sql)) {
		const [text] = match;
		result += sql.slice(from, match.index) + replacement(text);
		if (text === "/*") lexeme.lastIndex = endOfComment(sql, match.index);
		from = lexeme.lastIndex;
	}
	return (result + sql.slice(from)).trim();
}

function replacement(text: string): string {
	if (text.startsWith('"')) return text;
	return text === "/*" || text.startsWith("--") ? " " : "?";
}

/** `SELECT` of a statement, or of what instrumentation-pg took for its first word; `undefined` if it has none. */
export function operationOf(sql: string): string | undefined {
	const begin = withoutValues(sql.slice(0, 1000));
	const [, word] = /^[\s(]*([a-z]{2,20})(?![^\s(;,?])/i.exec(begin) ?? [];
	return word?.toUpperCase();
}
