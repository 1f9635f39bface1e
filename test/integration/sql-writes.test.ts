import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAddress } from "../../src/config/database-address.ts";
import { ReadOnlyDatabase } from "../../src/postgres/read-only-database.ts";
import {
	type PostgresServer,
	startPostgres,
	until,
} from "../support/postgres.ts";

let server: PostgresServer;
let observer: pg.Client;
let database: ReadOnlyDatabase;

// As the superuser, who may do anything.
beforeAll(async () => {
	server = await startPostgres();
	observer = await server.connect();
	await observer.query(`
		CREATE TABLE kept (id int PRIMARY KEY);
		INSERT INTO kept VALUES (1), (2);
		CREATE SEQUENCE numbers;
		CREATE FUNCTION empties() RETURNS int LANGUAGE plpgsql AS
			'BEGIN DELETE FROM kept; RETURN 1; END';
		CREATE FUNCTION opens() RETURNS int LANGUAGE plpgsql AS
			'BEGIN SET TRANSACTION READ WRITE; DELETE FROM kept; RETURN 1; END';
		CREATE FUNCTION commits() RETURNS int LANGUAGE plpgsql AS
			'BEGIN COMMIT; DELETE FROM kept; RETURN 1; END'`);
	database = new ReadOnlyDatabase(parseAddress(server.url()));
});
afterAll(async () => {
	await database?.close();
	await server?.stop();
});

const read = (sql: string, maxRows = 10) =>
	database.read(sql, {
		timeout: 20,
		signal: new AbortController().signal,
		maxRows,
	});

const notOne = "the query is no single SELECT, or has a syntax error";
const noSelect =
	"the query asks for what a subquery does not allow, such as to write: make it a SELECT";
const readOnly =
	"the query writes, or locks what it reads; it is run read-only: make it a SELECT";
const raises = "the query calls a function that raises an error";

describe("refused, and nothing is changed:", () => {
	test.each([
		["a statement that writes", "DELETE FROM kept", notOne],
		["one that returns rows", "DELETE FROM kept RETURNING id", notOne],
		[
			"a CTE that writes",
			"WITH gone AS (DELETE FROM kept RETURNING id) SELECT * FROM gone",
			noSelect,
		],
		["a second statement", "SELECT 1; DELETE FROM kept", notOne],
		[
			"a second statement behind the end of the subquery",
			"SELECT 1) AS a; DELETE FROM kept; --",
			notOne,
		],
		[
			"the end of the transaction behind that of the subquery",
			"SELECT 1) AS a; COMMIT; DELETE FROM kept; SELECT * FROM (SELECT 1",
			notOne,
		],
		["a comment that takes the rest", "SELECT 1) AS a /*", notOne],
		["the end of the transaction", "COMMIT", notOne],
		["a function that writes", "SELECT empties()", readOnly],
		[
			"a function that makes the transaction writable",
			"SELECT opens()",
			undefined,
		],
		["a function that ends the transaction", "SELECT commits()", undefined],
		[
			"a setting that makes the transaction writable",
			"SELECT set_config('transaction_read_only', 'off', false), empties()",
			undefined,
		],
		["a sequence's next number", "SELECT nextval('numbers')", readOnly],
		["rows that are locked", "SELECT * FROM kept FOR UPDATE", readOnly],
		["a table that is made", "SELECT 1 AS id INTO made", notOne],
		["a program", "COPY kept TO PROGRAM 'true'", notOne],
		["a block of code", "DO $$ BEGIN DELETE FROM kept; END $$", notOne],
		["a setting", "SHOW server_version", notOne],
		["nothing at all", "-- nothing", notOne],
	])("%s", async (_, sql, message) => {
		const error = await read(sql).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(Error);
		if (message) {
			expect(error).toMatchObject({ message: expect.stringMatching(message) });
		}
		const { rows } = await observer.query(
			"SELECT array_agg(id) AS ids, to_regclass('made') AS made, (SELECT is_called FROM numbers) AS called FROM kept",
		);
		expect(rows).toEqual([{ ids: [1, 2], made: null, called: false }]);
	});
});

test("a query that raises an error does not have its words repeated", async () => {
	await observer.query(
		`CREATE FUNCTION tells() RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''private''; END'`,
	);
	await expect(read("SELECT tells()")).rejects.toMatchObject({
		message: raises,
	});
});

test("a query that ends the subquery and begins another SELECT stays within the limit of rows", async () => {
	const { rows } = await read(
		"SELECT 1) AS a, (SELECT generate_series(1, 1000)",
		5,
	);
	expect(rows).toHaveLength(5);
});

test("what a query sets is undone with it, as the session may be another client's next", async () => {
	const settings = "SELECT current_setting('work_mem') AS memory";
	const before = await read(settings);
	await read("SELECT set_config('work_mem', '77MB', false)");
	expect((await read(settings)).rows).toEqual(before.rows);
});

test("no transaction is left open", async () => {
	await Promise.allSettled([read("SELECT 1"), read("SELECT 1 / 0")]);
	await until(
		observer,
		`NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'adult_matching_monitoring' AND state <> 'idle')`,
	);
});
