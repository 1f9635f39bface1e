import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseAddress } from "../../src/config/database-address.ts";
import {
	ReadOnlyDatabase,
	type ReadOnlyDatabaseOptions,
	type ReadOptions,
} from "../../src/postgres/read-only-database.ts";
import {
	type PostgresServer,
	startPostgres,
	until,
} from "../support/postgres.ts";

let server: PostgresServer;
let database: ReadOnlyDatabase;

beforeAll(async () => {
	server = await startPostgres();
	const client = await server.connect();
	await client.query(`
		CREATE SCHEMA shop;
		CREATE TABLE shop.orders AS SELECT generate_series(1, 5) AS id;
		CREATE ROLE shopkeeper LOGIN PASSWORD 'shop';
		GRANT USAGE ON SCHEMA shop TO shopkeeper;
		GRANT SELECT ON shop.orders TO shopkeeper;
		CREATE TABLE shop.secrets (id int);
		ALTER ROLE shopkeeper SET search_path = shop`);
});
afterEach(() => database?.close());
afterAll(() => server?.stop());

function create(
	url = server.url(),
	options: ReadOnlyDatabaseOptions = {},
): ReadOnlyDatabase {
	database = new ReadOnlyDatabase(parseAddress(url), options);
	return database;
}

const shopkeeper = () => server.url({ user: "shopkeeper", password: "shop" });

const options = (rest: Partial<ReadOptions> = {}): ReadOptions => ({
	timeout: 20,
	signal: new AbortController().signal,
	maxRows: 10,
	...rest,
});

const rowsOf = async (sql: string, rest?: Partial<ReadOptions>) =>
	(await database.read(sql, options(rest))).rows;

const ownSessions = `pg_stat_activity WHERE application_name = 'adult_matching_monitoring'`;

describe("a query is read", () => {
	test.each([
		["with a semicolon at its end", "SELECT 1 AS n ;\n ; "],
		["with a comment at its end", "SELECT 1 AS n -- the number"],
		["with a semicolon in a comment", "SELECT 1 AS n; -- one; really\n/* ; */"],
		["that begins with a comment", "-- ours\nSELECT 1 AS n"],
		["that is a CTE", "WITH one AS (SELECT 1 AS n) SELECT n FROM one;"],
		["that is a list of values", "SELECT n FROM (VALUES (1)) AS v (n)"],
		[
			"with an order and a limit of its own",
			"SELECT 1 AS n ORDER BY 1 LIMIT 1",
		],
		["that is a union", "SELECT 1 AS n UNION SELECT 1"],
	])("%s", async (_, sql) => {
		create();
		expect(await rowsOf(sql)).toEqual([{ n: "1" }]);
	});

	test("with its texts as they are", async () => {
		create();
		const sql = `SELECT '; --' AS a, E'\\'; /*' AS b, $x$; $$ --$x$ AS c, ';' AS ";"`;
		expect(await rowsOf(sql)).toEqual([
			{ a: "; --", b: "'; /*", c: "; $$ --", ";": ";" },
		]);
		expect(await rowsOf("SELECT '; --'")).toEqual([{ "?column?": "; --" }]);
	});

	test("with its values, which are texts and never SQL", async () => {
		create();
		const values = ["1); DROP TABLE shop.orders; --", null, "7"];
		const sql = "SELECT $1::text AS a, $2::text AS b, $3::int + 1 AS c";
		expect(await rowsOf(sql, { values })).toEqual([
			{ a: values[0], b: null, c: "8" },
		]);
	});

	test("up to the given number of rows, whose columns are named", async () => {
		create();
		const read = await database.read(
			"SELECT generate_series(1, 1000000000000) AS n, 2 AS two",
			options({ maxRows: 3 }),
		);
		expect(read.rows).toHaveLength(3);
		expect(read.columns.map(({ name }) => name)).toEqual(["n", "two"]);
	});

	test("by the search path of the role", async () => {
		create(shopkeeper());
		expect(await rowsOf("SELECT count(*) AS n FROM orders")).toEqual([
			{ n: "5" },
		]);
	});
});

describe("what is wrong with a query is said in words:", () => {
	test.each([
		[
			"a table that is not there",
			"SELECT * FROM nowhere",
			'the query asks for a table that is not there: correct its name, or write its schema before it (relation "nowhere" does not exist)',
		],
		[
			"a column that is not there",
			"SELECT prise FROM orders",
			'the query asks for a column that is not there: correct its name (column "prise" does not exist)',
		],
		[
			"a function that is not there",
			"SELECT averige(id) FROM orders",
			"the query calls a function or an operator that is not there for values of these types: correct its name, or convert the values (function averige(integer) does not exist)",
		],
		[
			"a syntax error, by its place",
			"SELECT 1 FORM orders WHERE id = 'private'",
			"the query is no single SELECT, or has a syntax error at its character 15",
		],
		[
			"a parenthesis that is missing",
			"SELECT (1",
			"the query is no single SELECT, or has a syntax error at its end",
		],
		[
			"a table that the role may not read",
			"SELECT * FROM secrets",
			"the query reads what the role may not read: GRANT SELECT (for functions EXECUTE, for schemas USAGE) to the role of the database URL",
		],
		[
			"a division by zero",
			"SELECT 1 / (id - 1) FROM orders",
			"the query divides by zero: nullif(…, 0) around the divisor makes it no value",
		],
		[
			"a text that is no number",
			"SELECT ('private' || id)::int FROM orders",
			"the query fails on its data: look at what it computes and converts",
		],
		[
			"a value that is missing",
			"SELECT $1::text",
			"the query has another number of parameters ($1, $2, …) than there are values for it",
		],
	])("%s", async (_, sql, message) => {
		create(shopkeeper());
		await expect(rowsOf(sql)).rejects.toMatchObject({ message });
		// Its connection is used on.
		expect(await rowsOf("SELECT 1 AS n")).toEqual([{ n: "1" }]);
	});
});

describe("connections", () => {
	test("are two at most, and reads wait for them in their order", async () => {
		const observer = await server.connect();
		await until(observer, `(SELECT count(*) FROM ${ownSessions}) = 0`);
		create();
		await observer.query("SELECT pg_advisory_lock(1), pg_advisory_lock(2)");
		const locked = [1, 2].map((key) =>
			rowsOf(`SELECT pg_advisory_xact_lock(${key}) IS NULL AS locked`),
		);
		const ended: number[] = [];
		const waiting = [1, 2, 3, 4].map(async (number) => {
			const [row] = await rowsOf(`SELECT count(*) AS n FROM ${ownSessions}`);
			ended.push(number);
			return row;
		});
		await until(
			observer,
			`(SELECT count(*) FROM ${ownSessions} AND wait_event = 'advisory') = 2`,
		);
		expect(ended).toEqual([]);
		await observer.query("SELECT pg_advisory_unlock(1)");
		expect(await Promise.all(waiting)).toEqual(
			[1, 2, 3, 4].map(() => ({ n: "2" })),
		);
		expect(ended).toEqual([1, 2, 3, 4]);
		await observer.query("SELECT pg_advisory_unlock(2)");
		await Promise.all(locked);
	});

	test("are kept for the next read", async () => {
		create();
		const pid = "SELECT pg_backend_pid() AS pid";
		expect(await rowsOf(pid)).toEqual(await rowsOf(pid));
	});

	test("are closed when nobody needs them", async () => {
		create(server.url(), { idleTime: 0.05 });
		await Promise.all([rowsOf("SELECT 1"), rowsOf("SELECT 1")]);
		const observer = await server.connect();
		await until(observer, `(SELECT count(*) FROM ${ownSessions}) = 0`);
		expect(await rowsOf("SELECT 1 AS n")).toEqual([{ n: "1" }]);
	});

	test("are none after it was closed, whose reads are refused", async () => {
		create();
		const observer = await server.connect();
		const reads = Promise.allSettled(
			[1, 2, 3].map(() => rowsOf("SELECT pg_sleep(60)")),
		);
		await until(observer, `(SELECT count(*) FROM ${ownSessions}) = 2`);
		await database.close();
		const stopped = { message: "the query was stopped by the monitor" };
		expect(await reads).toMatchObject(
			[1, 2, 3].map(() => ({ status: "rejected", reason: stopped })),
		);
		await expect(rowsOf("SELECT 1")).rejects.toMatchObject(stopped);
	});
});

describe("the clock skew", () => {
	test.each([
		["that is ahead", 0, 0],
		["that is behind", 3_600_000, -3600],
		["that is far ahead", -86_400_000, 86_400],
	])(
		"of a database %s is measured, whatever the query takes",
		async (_, shift, skew) => {
			create(server.url(), { now: () => Date.now() + shift });
			const { clockSkew } = await database.read(
				"SELECT pg_sleep(3)",
				options(),
			);
			expect(Math.abs(clockSkew - skew)).toBeLessThan(1.4);
		},
	);
});
