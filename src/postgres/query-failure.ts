import { ExplainedError, reasonOf } from "./failure.ts";
import type { Subquery } from "./subquery.ts";

/** Why a user's query has no answer, in a sentence. */
export class ReadFailure extends ExplainedError {
	/** For `error.type`: `timeout`, an SQLSTATE or a code of Node's. */
	readonly errorType: string;

	constructor(message: string, errorType: string) {
		super(message);
		this.errorType = errorType;
	}
}

/** An error that the server has told, and that leaves the connection usable. */
export interface SqlError extends Error {
	/** SQLSTATE. */
	readonly code: string;
	/** Of what is wrong in the query, in characters from 1. */
	readonly position?: string;
}

export function isSqlError(error: unknown): error is SqlError {
	return (
		error instanceof Error &&
		"code" in error &&
		typeof error.code === "string" &&
		/^[0-9A-Z]{5}$/.test(error.code) &&
		"severity" in error
	);
}

/** What went wrong, by SQLSTATE or by its class. */
const reasons: Readonly<Record<string, string>> = {
	"0A000":
		"asks for what a subquery does not allow, such as to write: make it a SELECT",
	"08P01":
		"has another number of parameters ($1, $2, …) than there are values for it",
	"22012": "divides by zero: nullif(…, 0) around the divisor makes it no value",
	"22": "fails on its data: look at what it computes and converts",
	"25006":
		"writes, or locks what it reads; it is run read-only: make it a SELECT",
	"40": "was cancelled by the server in favour of others: look for conflicts with recovery, if it is a standby",
	"42501":
		"reads what the role may not read: GRANT SELECT (for functions EXECUTE, for schemas USAGE) to the role of the database URL",
	"42601": "is no single SELECT, or has a syntax error",
	"42703": "asks for a column that is not there: correct its name",
	"42883":
		"calls a function or an operator that is not there for values of these types: correct its name, or convert the values",
	"42P01":
		"asks for a table that is not there: correct its name, or write its schema before it",
	"42P10": "has no column",
	"42P18":
		"has a parameter of unknown type: write the type behind it, as in $1::text",
	"42": "does not fit the database's tables, columns or types",
	"53": "needs more memory, disk space or connections than the server has",
	"55P03": "had to wait too long for a lock on what it reads",
	P0: "calls a function that raises an error",
};

/** Those messages hold nothing but identifiers and types of the query itself, and say what to correct. */
const showable = new Set(["42P01", "42703", "42883"]);

/** Says what is wrong with a user's query, without the server's words, which may hold values, where they may. */
export function queryFailure(error: SqlError, query: Subquery): ReadFailure {
	const { code, message } = error;
	const reason =
		reasons[code] ??
		reasons[code.slice(0, 2)] ??
		`failed with SQLSTATE ${code}: look at the server's log`;
	const detail = showable.has(code)
		? ` (${message.split("\n")[0]?.slice(0, 200)})`
		: code === "42601"
			? placeOf(error, query)
			: "";
	return new ReadFailure(`the query ${reason}${detail}`, code);
}

/** Where in the query that the user wrote an error is. */
function placeOf({ position }: SqlError, { start, length }: Subquery): string {
	const place = Number(position) - start;
	if (!(place >= 1)) return "";
	return place > length ? " at its end" : ` at its character ${place}`;
}

/** The server has cancelled a query. */
export function cancelled(timeout: number, isLate: boolean): ReadFailure {
	return isLate
		? new ReadFailure(
				`the query did not end within its ${timeout} s: make it faster, as by an index, or give it more time`,
				"timeout",
			)
		: new ReadFailure("the query was cancelled by someone else", "57014");
}

/** There was no connection for a query in its time. */
export function crowded(timeout: number): ReadFailure {
	return new ReadFailure(
		`the query had to wait for others for more than ${timeout} s: make those faster, or ask them less often`,
		"timeout",
	);
}

/** Nobody waits for the answer any more. */
export function stopped(): ReadFailure {
	return new ReadFailure("the query was stopped by the monitor", "stopped");
}

/** The server can't be read at all. */
export function unreachable(server: string, error: unknown): ReadFailure {
	const hasCode = error instanceof Error && "code" in error;
	return new ReadFailure(
		`${server} cannot be read: ${reasonOf(error)}`,
		hasCode ? String(error.code) : "connection",
	);
}

/** The server says nothing. */
export function silent(server: string, timeout: number): ReadFailure {
	return new ReadFailure(
		`${server} cannot be read: it did not answer within ${timeout} s: look at its load, and at the network between`,
		"timeout",
	);
}
