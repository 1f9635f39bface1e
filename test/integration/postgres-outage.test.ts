import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Collection, Collector } from "../../src/collection/collector.ts";
import { postgresMetrics } from "../../src/metrics/postgres.ts";
import { createPostgresCollector } from "../../src/system/postgres/collector.ts";
import { freePort } from "../support/free-port.ts";
import {
	type HangingProxy,
	startHangingProxy,
} from "../support/hanging-proxy.ts";
import {
	type PostgresServer,
	password,
	startPostgres,
	until,
} from "../support/postgres.ts";
import { measured } from "../support/readings.ts";

let server: PostgresServer;
let proxy: HangingProxy;
let collector: Collector | undefined;

beforeAll(async () => {
	server = await startPostgres({ max_connections: "10" });
});
afterEach(async () => {
	await collector?.close?.();
	await proxy?.close();
});
afterAll(() => server?.stop());

function create(url: string, timeLimit = 5): Collector {
	collector = createPostgresCollector({ url, timeLimit });
	return collector;
}

const collect = (from: Collector): Promise<Collection> =>
	from.collect(new AbortController().signal);

const up = ({ readings }: Collection) => measured(readings, postgresMetrics.up);

/** The database is away: one reading says so, and one sentence why. */
function expectAway(collection: Collection, reason: string) {
	expect(collection.readings).toEqual([
		{ metric: postgresMetrics.up, value: 0, labels: {} },
	]);
	expect(collection.problems).toEqual([reason]);
}

/** Without TLS, so that a round makes one connection and not one more to ask for TLS. */
const proxied = () =>
	server.url({ port: proxy.port, parameters: { sslmode: "disable" } });

const ownConnections =
	"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'adult_matching_monitoring'";

test("says that the database is away while it is killed, and reads it in the round after its restart, twice", async () => {
	const monitor = create(server.url());
	expect(up(await collect(monitor))).toBe(1);
	for (const _ of ["first", "second"]) {
		await server.kill();
		expectAway(
			await collect(monitor),
			`Postgres on port ${server.port} cannot be read: nothing listens there (connection refused): start the server, or correct host and port in the database URL`,
		);
		await server.restart();
		const back = await collect(monitor);
		expect(back.problems).toEqual([]);
		expect(up(back)).toBe(1);
		expect(measured(back.readings, postgresMetrics.connections)).toBe(1);
	}
});

test("gives up on a server that hangs in the middle of a query, and reads it in the round after", async () => {
	proxy = await startHangingProxy(server.port);
	const monitor = create(proxied(), 3);
	expect(up(await collect(monitor))).toBe(1);

	proxy.hang();
	expectAway(
		await collect(monitor),
		`Postgres on port ${proxy.port} cannot be read: it did not answer within 3 s: look at its load, and at the network between`,
	);
	await expect.poll(() => proxy.open).toBe(0);

	proxy.pass();
	expect(up(await collect(monitor))).toBe(1);
	expect(proxy.mostOpen).toBe(1);
	const observer = await server.connect();
	await until(observer, `(${ownConnections}) = 1`);
});

test("gives up on a server that takes connections and says nothing, as often as it is asked", async () => {
	proxy = await startHangingProxy(server.port);
	proxy.hang();
	const monitor = create(proxied(), 2);
	for (const _ of ["first", "second"]) {
		expect(up(await collect(monitor))).toBe(0);
		await expect.poll(() => proxy.open).toBe(0);
	}
	proxy.pass();
	expect(up(await collect(monitor))).toBe(1);
	expect(proxy.mostOpen).toBe(1);
});

test("reads by a new connection in the same round when the kept one is cut in the middle of a query", async () => {
	proxy = await startHangingProxy(server.port);
	const monitor = create(proxied());
	await collect(monitor);
	proxy.hang();
	const round = collect(monitor);
	proxy.cut();
	proxy.pass();
	const collection = await round;
	expect(up(collection)).toBe(1);
	expect(collection.problems).toEqual([]);
	expect(proxy.mostOpen).toBe(1);
});

test("says that the connection was cut when a new one is cut too", async () => {
	proxy = await startHangingProxy(server.port);
	const monitor = create(proxied());
	proxy.hang();
	const round = collect(monitor);
	await expect.poll(() => proxy.open).toBe(1);
	proxy.cut();
	expectAway(
		await round,
		`Postgres on port ${proxy.port} cannot be read: the connection was cut: look at the server's log`,
	);
});

test("reads on after the server has ended its session", async () => {
	const monitor = create(server.url());
	await collect(monitor);
	const observer = await server.connect();
	await observer.query(
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'adult_matching_monitoring'`,
	);
	const collection = await collect(monitor);
	expect(collection.problems).toEqual([]);
	expect(up(collection)).toBe(1);
	await until(observer, `(${ownConnections}) = 1`);
});

test("leaves no connection behind when a server answers nothing but errors", async () => {
	const monitor = create(server.url());
	await collect(monitor);
	const observer = await server.connect();
	await observer.query("BEGIN; LOCK TABLE pg_extension");
	expectAway(
		await collect(monitor),
		`Postgres on port ${server.port} cannot be read: it was locked for too long: look for a session that holds a lock on the catalogue`,
	);
	await until(observer, `(${ownConnections}) = 0`);
	await observer.query("COMMIT");
	expect(up(await collect(monitor))).toBe(1);
});

test("keeps one connection over many rounds, and none after it was closed", async () => {
	const monitor = create(server.url());
	const observer = await server.connect();
	for (let round = 0; round < 5; round++) await collect(monitor);
	await until(observer, `(${ownConnections}) = 1`);
	await monitor.close?.();
	await until(observer, `(${ownConnections}) = 0`);
	await monitor.close?.();
});

test("ends its round when it is closed in the middle of one, and leaves nothing open", async () => {
	proxy = await startHangingProxy(server.port);
	proxy.hang();
	const monitor = create(proxied());
	const round = collect(monitor);
	await expect.poll(() => proxy.open).toBe(1);
	await monitor.close?.();
	expect(up(await round)).toBe(0);
	await expect.poll(() => proxy.open).toBe(0);
});

test("ends its round when the signal is aborted", async () => {
	proxy = await startHangingProxy(server.port);
	proxy.hang();
	const controller = new AbortController();
	const round = create(proxied()).collect(controller.signal);
	await expect.poll(() => proxy.open).toBe(1);
	controller.abort();
	expect(up(await round)).toBe(0);
	await expect.poll(() => proxy.open).toBe(0);
});

test("is closed in time though the server does not answer its goodbye", async () => {
	proxy = await startHangingProxy(server.port);
	const monitor = create(proxied());
	await collect(monitor);
	proxy.hang();
	await monitor.close?.();
	await expect.poll(() => proxy.open).toBe(0);
});

test.each([
	[
		"a wrong password",
		{ password: "wrong" },
		"user name or password are wrong: correct them in the database URL",
	],
	[
		"an unknown user",
		{ user: "nobody" },
		"user name or password are wrong: correct them in the database URL",
	],
	[
		"an unknown database",
		{ database: "nowhere" },
		"there is no such database: correct its name in the database URL, or create it",
	],
])(
	"says in words what %s leads to, without repeating it",
	async (_, parts, reason) => {
		const collection = await collect(create(server.url(parts)));
		expectAway(
			collection,
			`Postgres on port ${server.port} cannot be read: ${reason}`,
		);
		for (const secret of [password, ...Object.values(parts)]) {
			if (secret !== "wrong")
				expect(JSON.stringify(collection)).not.toContain(secret);
		}
	},
);

test("says that no connection is left", async () => {
	const observer = await server.connect();
	await observer.query(
		`CREATE ROLE modest LOGIN PASSWORD '${password}' CONNECTION LIMIT 0`,
	);
	const collection = await collect(create(server.url({ user: "modest" })));
	expectAway(
		collection,
		`Postgres on port ${server.port} cannot be read: the server has no connection left for the monitor (too many clients): close some, or raise max_connections`,
	);
});

test("says that a host's name is not known", async () => {
	const collection = await collect(
		create(server.url({ host: "no-such-host.invalid" })),
	);
	expect(up(collection)).toBe(0);
	expect(collection.problems?.[0]).toMatch(
		new RegExp(
			`^Postgres at no-such-host\\.invalid:${server.port} cannot be read: the host's name `,
		),
	);
});

test("says where nothing listens, by the host's name and port as in the URL", async () => {
	const port = await freePort();
	expectAway(
		await collect(create(server.url({ host: "localhost", port }))),
		`Postgres at localhost:${port} cannot be read: nothing listens there (connection refused): start the server, or correct host and port in the database URL`,
	);
});

test("reads a server by its Unix socket", async () => {
	const host = server.dataDir;
	const collection = await collect(
		create(server.url({ parameters: { host } })),
	);
	expect(collection.problems).toEqual([]);
	expect(up(collection)).toBe(1);
});

test("names the folder of a Unix socket that is not there", async () => {
	const host = "/nowhere";
	expectAway(
		await collect(create(server.url({ parameters: { host } }))),
		"Postgres at /nowhere cannot be read: there is no such socket: start the server, or correct the folder in the database URL",
	);
});
