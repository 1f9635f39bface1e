import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { parseAddress } from "../../src/config/database-address.ts";
import { ReadOnlyDatabase } from "../../src/postgres/read-only-database.ts";
import {
	type HangingProxy,
	startHangingProxy,
} from "../support/hanging-proxy.ts";
import {
	type PostgresServer,
	startPostgres,
	until,
} from "../support/postgres.ts";

let server: PostgresServer;
let proxy: HangingProxy;
let database: ReadOnlyDatabase | undefined;

beforeAll(async () => {
	server = await startPostgres();
});
afterEach(async () => {
	await database?.close();
	await proxy?.close();
});
afterAll(() => server?.stop());

function create(url: string): ReadOnlyDatabase {
	database = new ReadOnlyDatabase(parseAddress(url));
	return database;
}

/** Without TLS, so that a read makes one connection and not one more to ask for TLS. */
async function createBehindProxy(): Promise<ReadOnlyDatabase> {
	proxy = await startHangingProxy(server.port);
	const parameters = { sslmode: "disable" };
	return create(server.url({ port: proxy.port, parameters }));
}

/** What a read gives: its first value, or why there is none. */
async function outcome(
	from: ReadOnlyDatabase,
	sql = "SELECT 1 AS n",
	timeout = 20,
	signal = new AbortController().signal,
): Promise<string | null | undefined> {
	try {
		const { rows } = await from.read(sql, { timeout, signal, maxRows: 1 });
		return Object.values(rows[0] ?? {})[0];
	} catch (error) {
		return error instanceof Error ? error.message : undefined;
	}
}

/** The sessions of which one sleeps for so many seconds. */
const sleeping = (seconds: number) =>
	`pg_stat_activity WHERE query LIKE '%pg_sleep(${seconds})%' AND state = 'active' AND pid <> pg_backend_pid()`;

const silent = (seconds: number) =>
	`Postgres on port ${proxy.port} cannot be read: it did not answer within ${seconds} s: look at its load, and at the network between`;

test("a server that is killed is told of in words, and read again after its restart", async () => {
	const reader = create(server.url());
	expect(await outcome(reader)).toBe("1");
	await server.kill();
	expect(await outcome(reader)).toBe(
		`Postgres on port ${server.port} cannot be read: nothing listens there (connection refused): start the server, or correct host and port in the database URL`,
	);
	await server.restart();
	expect(await outcome(reader)).toBe("1");
});

test("a server that is killed and restarted between two reads is not noticed", async () => {
	const reader = create(server.url());
	expect(await outcome(reader)).toBe("1");
	await server.kill();
	await server.restart();
	expect(await outcome(reader)).toBe("1");
});

test("a server that hangs is given up in time, and its connections are dropped", async () => {
	const reader = await createBehindProxy();
	expect(await outcome(reader)).toBe("1");
	proxy.hang();
	const outcomes = await Promise.all([
		outcome(reader, "SELECT 1", 0.3),
		outcome(reader, "SELECT 1", 0.3),
	]);
	expect(outcomes).toEqual([silent(0.3), silent(0.3)]);
	await expect.poll(() => proxy.open).toBe(0);
	proxy.pass();
	expect(await outcome(reader)).toBe("1");
	expect(proxy.mostOpen).toBeLessThanOrEqual(2);
});

test("a server that takes connections and says nothing is given up in time", async () => {
	const reader = await createBehindProxy();
	proxy.hang();
	expect(await outcome(reader, "SELECT 1", 0.3)).toBe(silent(0.3));
	await expect.poll(() => proxy.open).toBe(0);
});

test("reads that wait behind hanging ones are given up in their own time, and say so", async () => {
	const reader = await createBehindProxy();
	proxy.hang();
	const first = [outcome(reader), outcome(reader)];
	await expect.poll(() => proxy.open).toBe(2);
	expect(await outcome(reader, "SELECT 1", 0.2)).toBe(
		"the query had to wait for others for more than 0.2 s: make those faster, or ask them less often",
	);
	const waiting = outcome(reader, "SELECT 3 AS n");
	proxy.pass();
	expect(await Promise.all([...first, waiting])).toEqual(["1", "1", "3"]);
	expect(proxy.mostOpen).toBe(2);
});

test("a slow query holds up no other", async () => {
	const reader = create(server.url());
	const controller = new AbortController();
	const slow = outcome(reader, "SELECT pg_sleep(600)", 600, controller.signal);
	for (let i = 0; i < 5; i++) expect(await outcome(reader)).toBe("1");
	controller.abort();
	expect(await slow).toBe("the query was stopped by the monitor");
});

test.runIf(process.platform === "linux")(
	"a query that nobody waits for any more is ended by the server too",
	async () => {
		const reader = create(server.url());
		const observer = await server.connect();
		const controller = new AbortController();
		const query = "SELECT pg_sleep(700)";
		const slow = outcome(reader, query, 700, controller.signal);
		await until(observer, `EXISTS (SELECT FROM ${sleeping(700)})`);
		controller.abort();
		await slow;
		await until(observer, `NOT EXISTS (SELECT FROM ${sleeping(700)})`);
	},
);

test("a query that takes too long is cancelled by the server, and its connection is used on", async () => {
	const reader = await createBehindProxy();
	const session = "SELECT pg_backend_pid()";
	let before = await outcome(reader, session);
	let slow = await outcome(reader, "SELECT pg_sleep(600)", 2);
	// The server's word has 0.4 s to arrive, which a busy machine may take for itself.
	for (let again = 0; slow === silent(2) && again < 4; again++) {
		await expect.poll(() => proxy.open).toBe(0);
		before = await outcome(reader, session);
		slow = await outcome(reader, "SELECT pg_sleep(600)", 2);
	}
	expect(slow).toBe(
		"the query did not end within its 2 s: make it faster, as by an index, or give it more time",
	);
	expect(await outcome(reader, session)).toBe(before);
	expect(proxy.mostOpen).toBe(1);
});

test("a query that someone else cancels says so", async () => {
	const reader = create(server.url());
	const observer = await server.connect();
	const slow = outcome(reader, "SELECT pg_sleep(800)", 800);
	await until(observer, `EXISTS (SELECT FROM ${sleeping(800)})`);
	await observer.query(`SELECT pg_cancel_backend(pid) FROM ${sleeping(800)}`);
	expect(await slow).toBe("the query was cancelled by someone else");
});

test("a table that is locked is told of", async () => {
	const reader = create(server.url());
	const observer = await server.connect();
	await observer.query("CREATE TABLE busy (id int)");
	await observer.query("BEGIN; LOCK TABLE busy");
	expect(await outcome(reader, "SELECT count(*) FROM busy", 4)).toBe(
		"the query had to wait too long for a lock on what it reads",
	);
	await observer.query("COMMIT");
	expect(await outcome(reader, "SELECT count(*) FROM busy")).toBe("0");
});

test("a connection that is cut in the middle of a query is renewed once, and then told of", async () => {
	const reader = await createBehindProxy();
	expect(await outcome(reader)).toBe("1");
	proxy.hang();
	const renewed = outcome(reader);
	proxy.cut();
	proxy.pass();
	expect(await renewed).toBe("1");

	proxy.cut();
	proxy.hang();
	const lost = outcome(reader);
	await expect.poll(() => proxy.open).toBe(1);
	proxy.cut();
	expect(await lost).toBe(
		`Postgres on port ${proxy.port} cannot be read: the connection was cut: look at the server's log`,
	);
});

test("a session that the server ends in the middle of a query is renewed once", async () => {
	const reader = create(server.url());
	const observer = await server.connect();
	expect(await outcome(reader)).toBe("1");
	const slow = outcome(reader, "SELECT 7 AS n FROM pg_sleep(1.5)");
	await until(observer, `EXISTS (SELECT FROM ${sleeping(1.5)})`);
	await observer.query(
		`SELECT pg_terminate_backend(pid) FROM ${sleeping(1.5)}`,
	);
	expect(await slow).toBe("7");
});

test("a read ends when its signal is aborted, though the server hangs", async () => {
	const reader = await createBehindProxy();
	proxy.hang();
	const controller = new AbortController();
	const read = outcome(reader, "SELECT 1", 600, controller.signal);
	await expect.poll(() => proxy.open).toBe(1);
	controller.abort();
	expect(await read).toBe("the query was stopped by the monitor");
	await expect.poll(() => proxy.open).toBe(0);
});

test("it is closed in time though the server hangs", async () => {
	const reader = await createBehindProxy();
	expect(await outcome(reader)).toBe("1");
	proxy.hang();
	const read = outcome(reader, "SELECT 1", 600);
	await reader.close();
	expect(await read).toBe("the query was stopped by the monitor");
	await expect.poll(() => proxy.open).toBe(0);
});

test("a wrong password is told of without it", async () => {
	const reader = create(server.url({ password: "wrong-password" }));
	expect(await outcome(reader)).toBe(
		`Postgres on port ${server.port} cannot be read: user name or password are wrong: correct them in the database URL`,
	);
});
