import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAddress } from "../../src/config/database-address.ts";
import type { SourceValue } from "../../src/integration/values/source.ts";
import { readSqlNumbers } from "../../src/integration/values/sql-numbers.ts";
import { readSqlText } from "../../src/integration/values/sql-text.ts";
import { readSqlValue } from "../../src/integration/values/sql-value.ts";
import { ReadOnlyDatabase } from "../../src/postgres/read-only-database.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";

let server: PostgresServer;
let database: ReadOnlyDatabase;

beforeAll(async () => {
	server = await startPostgres({ timezone: "Asia/Tokyo" });
	const client = await server.connect();
	await client.query(`
		CREATE DOMAIN share AS numeric CHECK (VALUE BETWEEN 0 AND 1);
		CREATE DOMAIN moment AS timestamptz;
		CREATE TYPE colour AS ENUM ('red', 'green');
		CREATE ROLE american LOGIN PASSWORD 'america';
		ALTER ROLE american SET datestyle = 'SQL, MDY';
		ALTER ROLE american SET timezone = 'America/New_York';
		CREATE TABLE empty (at timestamptz)`);
	database = new ReadOnlyDatabase(parseAddress(server.url()));
});
afterAll(async () => {
	await database?.close();
	await server?.stop();
});

const options = () => ({ timeout: 10, signal: new AbortController().signal });

async function read(sql: string, from = database): Promise<SourceValue> {
	return (await readSqlValue(from, sql, options())).value;
}

async function ageOf(sql: string, from = database): Promise<number> {
	const value = await read(sql, from);
	if (value.kind !== "time") throw new Error(`it is a ${value.kind}`);
	return value.age;
}

describe("a number is a number", () => {
	test.each([
		["an integer", "SELECT 7", 7],
		["a bigint", "SELECT count(*) FROM pg_class WHERE false", 0],
		["a smallint", "SELECT -3::smallint", -3],
		["a numeric", "SELECT 0.125", 0.125],
		["a double precision", "SELECT 1e-9::float8", 1e-9],
		["a real", "SELECT 0.5::real", 0.5],
		["one of a domain", "SELECT 0.25::share", 0.25],
		["true", "SELECT 1 = 1", 1],
		["false", "SELECT 1 = 2", 0],
	])("%s", async (_, sql, value) => {
		expect(await read(sql)).toEqual({ kind: "number", value });
	});
});

describe("there is nothing", () => {
	test.each([
		["of no row", "SELECT at FROM empty"],
		["of NULL", "SELECT max(at) FROM empty"],
		["of a NULL without a type", "SELECT NULL"],
		["of a NULL text", "SELECT NULL::text"],
	])("%s", async (_, sql) => {
		expect(await read(sql)).toEqual({ kind: "nothing" });
	});
});

describe("a time is its age by the database's clock", () => {
	test.each([
		["with a zone", "SELECT clock_timestamp() - interval '1 hour'", 3600],
		["of a domain", "SELECT (now() - interval '1 hour')::moment", 3600],
		[
			"without a zone, which is one of the role's",
			"SELECT localtimestamp - interval '1 hour'",
			3600,
		],
		["in the future", "SELECT now() + interval '1 day'", -86_400],
		["a constant", "SELECT now()::text::timestamptz", 0],
	])("%s", async (_, sql, age) => {
		expect(Math.abs((await ageOf(sql)) - age)).toBeLessThan(60);
	});

	test("a date is its midnight in the role's time zone", async () => {
		const midnight = await ageOf("SELECT current_date");
		const sameTime = await ageOf("SELECT current_date::timestamptz");
		expect(Math.abs(midnight - sameTime)).toBeLessThan(60);
	});

	test("whatever form and zone the role writes its times in", async () => {
		const url = server.url({ user: "american", password: "america" });
		const american = new ReadOnlyDatabase(parseAddress(url));
		const past = "now() - interval '40 days'";
		for (const sql of [`SELECT ${past}`, `SELECT (${past})::timestamp`]) {
			const age = await ageOf(sql, american);
			// A day of 25 hours may be among them.
			expect(Math.abs(age - 40 * 86_400)).toBeLessThan(3700);
		}
		expect(await ageOf("SELECT '02/01/2020'::date", american)).toBeLessThan(
			(Date.now() - Date.UTC(2020, 0, 31)) / 1000,
		);
		await american.close();
	});

	test("which this machine's clock has no part in", async () => {
		const wrong = new ReadOnlyDatabase(parseAddress(server.url()), {
			now: () => 0,
		});
		expect(Math.abs(await ageOf("SELECT now()", wrong))).toBeLessThan(60);
		await wrong.close();
	});
});

describe("what is no value is refused in words:", () => {
	const oneRow = "the query gives more than one row: one is expected";
	const time = "the query gives a time that is not finite";
	const number = "the query gives a number that is not finite";
	const convert = "convert it, as by ::numeric or ::timestamptz";
	const other = "it takes a number, a boolean or a time";
	test.each([
		["two rows", "VALUES (1), (2)", oneRow],
		["an endless time", "SELECT 'infinity'::timestamptz", time],
		["a beginless date", "SELECT '-infinity'::date", time],
		["NaN", "SELECT 'NaN'::float8", number],
		["an infinite number", "SELECT '-infinity'::float8", number],
		["a number too large", "SELECT 10::numeric ^ 400", number],
		[
			"a text",
			"SELECT '5'",
			`the query gives a value of type text: ${convert}`,
		],
		[
			"an interval",
			"SELECT interval '1 h'",
			"the query gives a value of type interval: extract(epoch FROM …) of it is its seconds",
		],
		[
			"an enumeration",
			"SELECT 'red'::colour",
			`the query gives a value of type colour: ${other}`,
		],
		[
			"a time of day",
			"SELECT localtime",
			`the query gives a value of type time without time zone: ${other}`,
		],
		[
			"JSON",
			"SELECT '5'::json",
			`the query gives a value of type json: ${other}`,
		],
		[
			"a row",
			"SELECT c FROM pg_class c LIMIT 1",
			`the query gives a value of type pg_class: ${other}`,
		],
		["no column", "SELECT", "the query has no column"],
	])("%s", async (_, sql, message) => {
		await expect(read(sql)).rejects.toMatchObject({ message });
	});
});

test("only the first column counts, whatever the columns are called", async () => {
	expect(await read('SELECT 1 AS "a b", 2 AS type, 3 AS type')).toEqual({
		kind: "number",
		value: 1,
	});
});

test("a query takes values", async () => {
	const { value } = await readSqlValue(database, "SELECT $1::int + $2", {
		...options(),
		values: ["40", "2"],
	});
	expect(value).toEqual({ kind: "number", value: 42 });
});

describe("a column of numbers", () => {
	const numbers = (sql: string, most = 1000) =>
		readSqlNumbers(database, sql, most, options());

	test("is read without its NULLs", async () => {
		expect(await numbers("VALUES (1.5), (NULL), (-2)")).toEqual([1.5, -2]);
		expect(await numbers("SELECT 0.5::share")).toEqual([0.5]);
		expect(await numbers("SELECT 1 WHERE false")).toEqual([]);
	});

	test("is read up to its limit, and refused beyond", async () => {
		expect(await numbers("SELECT generate_series(1, 1000)")).toHaveLength(1000);
		await expect(numbers("SELECT generate_series(1, 1001)")).rejects.toThrow(
			"the query gives more than 1000 rows: let it take a sample",
		);
	});

	test.each([
		["SELECT 1, 2", "the query gives 2 columns: one is expected"],
		["SELECT", "the query gives 0 columns: one is expected"],
		["SELECT 'a'", "the query's column is not one of numbers"],
		["SELECT now()", "the query's column is not one of numbers"],
		["SELECT 'NaN'::float8", "the query gives a number that is not finite"],
	])("and nothing else: not %s", async (sql, message) => {
		await expect(numbers(sql)).rejects.toThrow(message);
	});
});

test("a text is read as it is, up to a limit", async () => {
	const text = (sql: string) => readSqlText(database, sql, options());
	expect(await text("SELECT 'a', 'b'")).toBe("a");
	expect(await text("SELECT 1.50")).toBe("1.50");
	expect(await text("SELECT true")).toBe("true");
	expect(await text("SELECT NULL")).toBeNull();
	expect(await text("SELECT 1 WHERE false")).toBeUndefined();
	expect(await text("SELECT repeat('x', 1000000)")).toHaveLength(65_536);
});
