import fc from "fast-check";
import { expect, test } from "vitest";
import { subquery } from "../../../src/postgres/subquery.ts";

const inner = (sql: string) => {
	const query = subquery(sql, 3);
	return query.sql.slice(query.start, query.start + query.length);
};

test("a query becomes a part of one that has its limit, on lines of its own", () => {
	expect(subquery("SELECT 1", 3).sql).toBe(
		"SELECT * FROM (\nSELECT 1\n) AS measured LIMIT 3",
	);
	expect(subquery("SELECT 1", 1, "x", "m (x)").sql).toBe(
		"SELECT x FROM (\nSELECT 1\n) AS m (x) LIMIT 1",
	);
});

test.each([
	["SELECT 1;", "SELECT 1"],
	["SELECT 1 ; ; \n", "SELECT 1"],
	["SELECT 1 -- one", "SELECT 1"],
	["SELECT 1; -- it's one;", "SELECT 1"],
	["SELECT 1 /* ; ' */ ;", "SELECT 1"],
	["SELECT 1; -- one\n-- two\n", "SELECT 1"],
	["SELECT ';'", "SELECT ';'"],
	["SELECT '; --';", "SELECT '; --'"],
	["SELECT 'it''s; --'", "SELECT 'it''s; --'"],
	["SELECT E'\\'; --'", "SELECT E'\\'; --'"],
	['SELECT 1 AS "; --"', 'SELECT 1 AS "; --"'],
	["SELECT $$; --$$;", "SELECT $$; --$$"],
	["SELECT $a$; $$ --$a$ -- end", "SELECT $a$; $$ --$a$"],
	["SELECT 1; SELECT 2;", "SELECT 1; SELECT 2"],
	["SELECT $1; -- value", "SELECT $1"],
	["-- nothing", ""],
])("%j loses its end, but nothing that counts", (sql, rest) => {
	expect(inner(sql)).toBe(rest);
});

test("whatever a query is, what is left of it is its beginning, and the rest is no statement", () => {
	const piece = fc.constantFrom(
		..."'\";-/*$\n aE1\\()",
		"--",
		"/*",
		"*/",
		"$$",
		"SELECT",
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
			const sql = pieces.join("");
			const kept = inner(sql);
			expect(sql.startsWith(kept)).toBe(true);
			expect(inner(kept)).toBe(kept);
			const rest = sql.slice(kept.length).replace(/--[^\n]*|\/\*.*?\*\//gs, "");
			expect(rest).toMatch(/^[;\s]*$/);
		}),
		{ numRuns: 1000 },
	);
});
