import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	quotingProblems,
	withParameters,
} from "../../../../src/integration/flow/sql-parameters.ts";

describe("the variables of a query", () => {
	test("become parameters, the same one the same", () => {
		const sql = `SELECT \${b}, \${a} WHERE id = \${b}::uuid AND a <> ALL(\${a})`;
		expect(withParameters(sql)).toEqual({
			text: "SELECT $1, $2 WHERE id = $1::uuid AND a <> ALL($2)",
			names: ["b", "a"],
		});
	});

	test("stay apart from what stands beside them", () => {
		expect(withParameters(`SELECT \${a}0, a\${b}, \${a}\${b}`)).toEqual({
			text: "SELECT $1 0, a $2, $1 $2",
			names: ["a", "b"],
		});
	});

	test.each([
		["a string", `SELECT '\${x}'`],
		["a string with a quote", `SELECT 'it''s \${x}'`],
		["a string with escapes", String.raw`SELECT E'\'${"$"}{x}'`],
		["an identifier", `SELECT "\${x}"`],
		["a dollar-quoted string", `SELECT $$\${x}$$`],
		["a tagged string", `SELECT $a$ $$ \${x} $a$`],
		["a string without an end", `SELECT '\${x}`],
	])("in %s are told, and not put in", (_, sql) => {
		expect(quotingProblems(sql)).toEqual([
			`\${x} is in quotes, where it is no parameter: write it without them`,
		]);
		expect(withParameters(sql)).toEqual({ text: sql, names: [] });
	});

	test.each([`SELECT 1 -- \${x}`, `SELECT /* /* */ \${x} */ 1`])(
		"in a comment are told, and not put in: %s",
		(sql) => {
			expect(quotingProblems(sql)).toEqual([
				`\${x} is in a comment, where it has no effect`,
			]);
			expect(withParameters(sql)).toEqual({ text: sql, names: [] });
		},
	);

	test("behind quotes and comments are parameters again", () => {
		const sql = `SELECT 'a''b', "c""d", $$e$$, E'\\'' /* f */ -- g\n, \${x}`;
		expect(quotingProblems(sql)).toEqual([]);
		expect(withParameters(sql).text).toBe(sql.replace(`\${x}`, "$1"));
	});

	test("can't be written as parameters by hand", () => {
		expect(quotingProblems("SELECT $1, '$2'")).toEqual([
			`$1 is no variable: write \${name} for its value`,
		]);
	});

	test("leave all other text as it was, in whatever order it comes", () => {
		const plain = fc.constantFrom("SELECT ", "'a''b'", '"c"', "$$d$$", "/*e*/");
		const variable = fc.constantFrom("x", "y", "z");
		fc.assert(
			fc.property(fc.array(fc.tuple(plain, variable)), (parts) => {
				const sql = parts
					.map(([text, name]) => `${text} \${${name}} `)
					.join("");
				const { text, names } = withParameters(sql);
				const back = text.replace(
					/\$(\d+)/g,
					(_, number) => `\${${names[Number(number) - 1]}}`,
				);
				expect(back).toBe(sql);
				expect(new Set(names).size).toBe(names.length);
			}),
		);
	});
});
