import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { operationOf, withoutValues } from "../../../src/register/sql.ts";

describe("a statement without its values", () => {
	test.each([
		[
			"SELECT * FROM table1 WHERE a = 'x' AND b = $1 LIMIT 10",
			"SELECT * FROM table1 WHERE a = ? AND b = $1 LIMIT ?",
		],
		[
			'SELECT \'it\'\'s\', "o\'clock" FROM "a""b"',
			'SELECT ?, "o\'clock" FROM "a""b"',
		],
		["SELECT E'it\\'s', 'C:\\', 'x'", "SELECT ?, ?, ?"],
		["SELECT $$a 'b'$$, $tag$ $$ $tag$, price$1", "SELECT ?, ?, price$1"],
		[
			"SELECT 1.5e-3, .5, 0x1F, 1_000, -7, t2.c3",
			"SELECT ?, ?, ?, ?, -?, t2.c3",
		],
		["/* a /* b */ c */ SELECT 1 -- d\nFROM t", "SELECT ?  \nFROM t"],
		[
			"INSERT INTO t VALUES (B'101', x'1F', N'a')",
			"INSERT INTO t VALUES (B?, x?, N?)",
		],
		["SELECT 'without an end", "SELECT ?"],
	])("%j is %j", (sql, expected) => {
		expect(withoutValues(sql)).toBe(expected);
	});

	const value = fc.string({ unit: "grapheme" }).map((text) => `canary${text}`);
	const literal = value.chain((text) =>
		fc.constantFrom(
			`'${text.replaceAll("'", "''")}'`,
			`E'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
			`$of_its_own$${text.replaceAll("$", "")}$of_its_own$`,
			`/* ${text.replaceAll(/[*/]/g, "")} */ 1`,
			`1 -- ${text.replaceAll(/\s/g, " ")}\n`,
		),
	);

	test("has nothing of any string or comment, whatever stands in it", () => {
		fc.assert(
			fc.property(fc.array(literal, { minLength: 1 }), (literals) => {
				const sql = `SELECT ${literals.join(", ")} FROM items WHERE id = $1`;
				const rest = withoutValues(sql);
				expect(rest).not.toContain("canary");
				expect(rest).toMatch(/FROM items WHERE id = \$1$/);
			}),
		);
	});

	test("is the statement itself where all values are parameters", () => {
		const sql = "UPDATE items SET name = $1 WHERE id = $2 RETURNING *";
		expect(withoutValues(sql)).toBe(sql);
	});

	test("ends after 10,000 characters", () => {
		const sql = `INSERT INTO t VALUES ${"(a), ".repeat(10_000)}`;
		expect(withoutValues(sql).length).toBeLessThanOrEqual(10_000);
	});

	test("has no string, whatever the text was", () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 300 }), (text) => {
				expect(
					withoutValues(text).replaceAll(/"(?:[^"]|"")*"?/g, ""),
				).not.toContain("'");
			}),
		);
	});

	test.each(["'", "E'\\", "$a$", "/*", '"', "1e", "--"])(
		"comes of %j without end, too",
		(text) => {
			expect(withoutValues(text.repeat(50_000))).not.toContain("'");
		},
	);
});

test.each([
	["select 1", "SELECT"],
	["  -- a comment\n INSERT INTO t", "INSERT"],
	["(SELECT 1)", "SELECT"],
	["SELECT\n\tname", "SELECT"],
	["COMMIT;", "COMMIT"],
	["select'x'", "SELECT"],
	["'x'", undefined],
	["", undefined],
])("the operation of %j is %s", (sql, expected) => {
	expect(operationOf(sql)).toBe(expected);
});
