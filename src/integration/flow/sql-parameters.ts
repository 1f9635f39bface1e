import { endOfComment } from "../../postgres/block-comment.ts";
import { referencesIn } from "./references.ts";

export interface ParameterQuery {
	readonly text: string;
	/** Of the variables behind $1, $2, … */
	readonly names: readonly string[];
}

/**
 * What is not plain SQL, by Postgres' lexical rules, and references. Where an end is missing, it is the end of the query.
 * Source: https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
const lexemes = {
	quoted:
		/\be'(?:[^'\\]|\\[\s\S]|'')*(?:'|\\?$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|(?<![\w$])\$(?<tag>(?:[a-z_]\w*)?)\$[\s\S]*?(?:\$\k<tag>\$|$)/,
	comment: /--[^\n]*|\/\*/,
	reference: /\$\{(?<name>[a-z]\w*)\}/,
	parameter: /(?<![\w$])\$\d+/,
};

const lexeme = new RegExp(
	Object.entries(lexemes)
		.map(([kind, { source }]) => `(?<${kind}>${source})`)
		.join("|"),
	"gi",
);

/**
 * A query with a numbered parameter in the place of each variable outside of quotes and comments; the same for the
 * same variable. No value ever comes into the text.
 */
export function withParameters(sql: string): ParameterQuery {
	const names: string[] = [];
	let text = "";
	let from = 0;
	for (const { index, end, name } of lexemesIn(sql)) {
		text += sql.slice(from, name === undefined ? end : index);
		from = end;
		if (name === undefined) continue;
		if (!names.includes(name)) names.push(name);
		const next = /^[\w$]/.test(sql.slice(end)) ? " " : "";
		text += `${beforeName(text)}$${names.indexOf(name) + 1}${next}`;
	}
	return { text: text + sql.slice(from), names };
}

/** What keeps the variables of a query from becoming parameters, each a sentence. */
export function quotingProblems(sql: string): string[] {
	return lexemesIn(sql).flatMap(({ kind, text }) => {
		if (kind === "parameter") {
			return [`${text} is no variable: write \${name} for its value`];
		}
		const [name] = kind === "reference" ? [] : referencesIn(text);
		if (name === undefined) return [];
		return kind === "comment"
			? [`\${${name}} is in a comment, where it has no effect`]
			: [
					`\${${name}} is in quotes, where it is no parameter: write it without them`,
				];
	});
}

interface Lexeme {
	readonly kind: keyof typeof lexemes;
	readonly index: number;
	readonly end: number;
	readonly text: string;
	/** Of the variable, for a reference. */
	readonly name: string | undefined;
}

function lexemesIn(sql: string): Lexeme[] {
	const found: Lexeme[] = [];
	lexeme.lastIndex = 0;
	for (let match = lexeme.exec(sql); match; match = lexeme.exec(sql)) {
		const { index, groups = {} } = match;
		if (match[0] === "/*") lexeme.lastIndex = endOfComment(sql, index);
		const end = lexeme.lastIndex;
		found.push({
			kind: kindOf(groups),
			index,
			end,
			text: sql.slice(index, end),
			name: groups.name,
		});
	}
	return found;
}

function kindOf(
	groups: Readonly<Record<string, string | undefined>>,
): keyof typeof lexemes {
	if (groups.quoted !== undefined) return "quoted";
	if (groups.comment !== undefined) return "comment";
	return groups.reference === undefined ? "parameter" : "reference";
}

/** A `$` right behind a name or a number would be a part of it. */
function beforeName(text: string): string {
	return /[\w$\u0080-\uffff]$/.test(text) ? " " : "";
}
