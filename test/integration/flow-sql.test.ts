import type pg from "pg";
import {
	afterAll,
	afterEach,
	beforeAll,
	beforeEach,
	describe,
	expect,
	test,
} from "vitest";
import { parseAddress } from "../../src/config/database-address.ts";
import type { SqlReader } from "../../src/integration/flow/dependencies.ts";
import { ReadOnlyDatabase } from "../../src/postgres/read-only-database.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { runOnce } from "../unit/integration/flow/make-flow.ts";
import { Site } from "../unit/integration/flow/site.ts";

let server: PostgresServer;
let client: pg.Client;
let readOnly: ReadOnlyDatabase;
let site: Site;

beforeAll(async () => {
	server = await startPostgres();
	client = await server.connect();
	await client.query(
		"CREATE TABLE users (id int, name text); INSERT INTO users VALUES (7, 'Ann'), (8, NULL)",
	);
	readOnly = new ReadOnlyDatabase(parseAddress(server.url()));
});
afterAll(async () => {
	await readOnly?.close();
	await server?.stop();
});
beforeEach(async () => {
	site = new Site();
	await site.start();
});
afterEach(() => site.stop());

/** As the monitor asks. */
const database: SqlReader = async (sql, options) => {
	const { rows, columns } = await readOnly.read(sql, {
		...options,
		maxRows: 1,
	});
	return rows[0]?.[columns[0]?.name ?? ""];
};

/** Runs a flow that got the value from a server, and then asks Postgres. */
async function ask(query: object, value: unknown = "7") {
	site.answer = () => ({ body: { x: value } });
	const { verdict } = await runOnce(
		{
			timeout: 20,
			steps: [
				{
					name: "first",
					request: { url: site.url("/") },
					extract: { x: { json: "$.x" } },
				},
				{ name: "stored", ...query },
			],
		},
		{ database },
	);
	return verdict.state === "healthy" ? "healthy" : verdict.reason;
}

describe("what a query finds", () => {
	test.each([
		[`SELECT name FROM users WHERE id = \${x}`, "Ann"],
		[`SELECT count(*) FROM users WHERE id = \${x}`, 1],
		[`SELECT id FROM users WHERE id = \${x} AND \${x}::int = 7`, 7],
		[`SELECT name = 'Ann' FROM users WHERE id = \${x}`, true],
		[`SELECT name = 'Bob' FROM users WHERE id = \${x}`, false],
		["SELECT name FROM users WHERE id = 8", null],
		["SELECT name FROM users WHERE id = 9", null],
		[`SELECT 'id 7'`, `id \${x}`],
	])("%s is as expected: %j", async (sql, expected) => {
		expect(await ask({ sql, expect: expected })).toBe("healthy");
	});

	test.each([
		["SELECT 3", 4, 'found "3" instead of 4'],
		["SELECT true", false, 'found "t" instead of false'],
		["SELECT 'a'", "b", 'found "a" instead of "b"'],
		["SELECT 'ann@example.com'", "b", 'found "***" instead of "b"'],
		["SELECT NULL", 4, "found NULL instead of 4"],
		["SELECT 1 WHERE false", 4, "found no row instead of 4"],
		["SELECT 1 WHERE false", undefined, "found no row instead of one"],
	])("%s is not as expected: %j", async (sql, expected, reason) => {
		expect(await ask({ sql, expect: expected })).toBe(
			`step "stored": ${reason}`,
		);
	});

	test("is handed to later steps", async () => {
		site.answer = () => ({});
		const { verdict } = await runOnce(
			{
				steps: [
					{
						name: "first",
						sql: "SELECT json_build_object('id', 7, 'name', 'a b')",
						extract: { id: { json: "$.id" }, name: { json: "$.name" } },
					},
					{ name: "second", request: { url: site.url(`/\${id}/\${name}`) } },
				],
			},
			{ database },
		);
		expect(verdict.state).toBe("healthy");
		expect(site.lines()).toEqual(["GET /7/a%20b"]);
	});
});

test.each([
	"'; DROP TABLE users; --",
	"7 OR true",
	"$1",
	`\${run_id}`,
	"' || (SELECT name FROM users LIMIT 1) || '",
])("the value %s is nothing but a value", async (value) => {
	const sql = `SELECT \${x}::text`;
	expect(await ask({ sql, expect: `\${x}` }, value)).toBe("healthy");
	const found = `SELECT count(*) FROM users WHERE name = \${x}`;
	expect(await ask({ sql: found, expect: 0 }, value)).toBe("healthy");
	const { rows } = await client.query("SELECT count(*)::int AS n FROM users");
	expect(rows).toEqual([{ n: 2 }]);
});

test("a query in whose quotes a variable stands gets no value there", async () => {
	const sql = `SELECT '\${x}'`;
	expect(await ask({ sql, expect: "7" }, "7")).toContain("found");
});

test("a query that fails is told without its values", async () => {
	const sql = `SELECT name FROM users WHERE id = \${x}`;
	const reason = await ask({ sql }, "not-a-number");
	expect(reason).toMatch(/^step "stored": the query fails on its data/);
	expect(reason).not.toContain("not-a-number");
});

test("a query waits until a row comes", async () => {
	let asked = 0;
	const slow: SqlReader = async (sql, options) => {
		asked += 1;
		if (asked === 2) await client.query("INSERT INTO users VALUES (10, 'Eve')");
		return database(sql, options);
	};
	const { verdict } = await runOnce(
		{
			steps: [
				{
					name: "stored",
					sql: "SELECT name FROM users WHERE id = 10",
					expect: "Eve",
					wait_until: { timeout: 20, every: 0.1 },
				},
			],
		},
		{ database: slow },
	);
	expect(verdict.state).toBe("healthy");
	expect(asked).toBe(2);
	await client.query("DELETE FROM users WHERE id = 10");
});

test("a query that hangs is cut off with the flow", async () => {
	const { verdict } = await runOnce(
		{ timeout: 0.5, steps: [{ name: "slow", sql: "SELECT pg_sleep(60)" }] },
		{ database },
	);
	expect(verdict.reason).toBe(
		`step "slow": did not end within the flow's 0.5 s`,
	);
});
