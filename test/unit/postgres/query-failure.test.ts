import { expect, test } from "vitest";
import {
	isSqlError,
	queryFailure,
	type SqlError,
	unreachable,
} from "../../../src/postgres/query-failure.ts";
import { subquery } from "../../../src/postgres/subquery.ts";

const query = subquery("SELECT a FROM b", 1);

/** An error as the server tells it. */
function sqlError(
	code: string,
	message = 'it failed for "private"',
	position?: number,
): SqlError {
	const error = Object.assign(new Error(message), {
		code,
		severity: "ERROR",
		...(position === undefined ? {} : { position: String(position) }),
	});
	if (!isSqlError(error)) throw new Error("that is none of the server");
	return error;
}

const told = (error: SqlError) => queryFailure(error, query).message;

test.each([
	["0A000", "the query asks for what a subquery does not allow"],
	["22003", "the query fails on its data"],
	["22P02", "the query fails on its data"],
	["40001", "the query was cancelled by the server in favour of others"],
	["42803", "the query does not fit the database's tables, columns or types"],
	["42P18", "the query has a parameter of unknown type"],
	["42501", "the query reads what the role may not read: GRANT SELECT"],
	["53200", "the query needs more memory, disk space or connections"],
	["P0001", "the query calls a function that raises an error"],
	["XX000", "the query failed with SQLSTATE XX000: look at the server's log"],
])("%s is told in words, and not in the server's", (code, beginning) => {
	const message = told(sqlError(code));
	expect(message.slice(0, beginning.length)).toBe(beginning);
	expect(message).not.toContain("private");
	expect(message).not.toContain("\n");
	expect(queryFailure(sqlError(code), query).errorType).toBe(code);
});

test("names that the query has are shown, on one line and cut", () => {
	const long = `column "${"x".repeat(300)}" does not exist\nHINT: private`;
	const message = told(sqlError("42703", long));
	expect(message).toContain('(column "xxx');
	expect(message).not.toContain("private");
	expect(message.length).toBeLessThan(300);
});

test.each([
	[query.start + 1, "has a syntax error at its character 1"],
	[query.start + 15, "has a syntax error at its character 15"],
	[query.start + 17, "has a syntax error at its end"],
	[3, "has a syntax error"],
	[undefined, "has a syntax error"],
])("a syntax error at %s is placed in the user's query", (position, end) => {
	expect(told(sqlError("42601", "private", position))).toBe(
		`the query is no single SELECT, or ${end}`,
	);
});

test.each([
	[new Error("no code")],
	[Object.assign(new Error(), { code: "ECONNREFUSED", severity: "x" })],
	[Object.assign(new Error(), { code: "42601" })],
	["42601"],
])("what the server has not told is not taken for it: %s", (error) => {
	expect(isSqlError(error)).toBe(false);
});

test("a server that can't be reached is told of with the reason", () => {
	const cause = Object.assign(new Error("private"), { code: "ECONNREFUSED" });
	const failure = unreachable("Postgres at db:5432", cause);
	expect(failure.message).toMatch(
		/^Postgres at db:5432 cannot be read: nothing listens there/,
	);
	expect(failure.errorType).toBe("ECONNREFUSED");
});
