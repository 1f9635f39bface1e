import { execFile } from "node:child_process";
import {
	chmod,
	chown,
	mkdtemp,
	readFile,
	rm,
	stat,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Collector } from "../../src/collection/collector.ts";
import { postgresMetrics } from "../../src/metrics/postgres.ts";
import { createPostgresCollector } from "../../src/system/postgres/collector.ts";
import {
	type HangingProxy,
	startHangingProxy,
} from "../support/hanging-proxy.ts";
import {
	type PostgresServer,
	startPostgres,
	until,
} from "../support/postgres.ts";
import { measured } from "../support/readings.ts";

const run = promisify(execFile);

let folder: string;
let server: PostgresServer;
let observer: pg.Client;
let collector: Collector | undefined;
let proxy: HangingProxy | undefined;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "certificates-"));
	await makeAuthority("ours");
	await makeAuthority("another");
	await makeCertificate("server", "/CN=server", "subjectAltName=DNS:localhost");
	await makeCertificate(
		"client",
		"/CN=postgres",
		"extendedKeyUsage=clientAuth",
	);
	server = await startPostgres();
	await giveServer("server.crt");
	await giveServer("server.key");
	await giveServer("ours.crt");
	observer = await server.connect({ parameters: { sslmode: "disable" } });
});
afterEach(async () => {
	await collector?.close?.();
	await proxy?.close();
});
afterAll(async () => {
	await server?.stop();
	await rm(folder, { recursive: true, force: true });
});

const file = (name: string) => join(folder, name);

/** A certificate authority, in `<name>.crt` and `<name>.key`. */
async function makeAuthority(name: string) {
	await run("openssl", [
		"req",
		"-x509",
		"-newkey",
		"rsa:2048",
		"-nodes",
		"-days",
		"2",
		"-subj",
		`/CN=${name}`,
		"-keyout",
		file(`${name}.key`),
		"-out",
		file(`${name}.crt`),
	]);
}

/** A certificate by our authority, in `<name>.crt` and `<name>.key`. */
async function makeCertificate(
	name: string,
	subject: string,
	extension: string,
) {
	await writeFile(file(`${name}.ext`), extension);
	await run("openssl", [
		"req",
		"-newkey",
		"rsa:2048",
		"-nodes",
		"-subj",
		subject,
		"-keyout",
		file(`${name}.key`),
		"-out",
		file(`${name}.csr`),
	]);
	await run("openssl", [
		"x509",
		"-req",
		"-in",
		file(`${name}.csr`),
		"-days",
		"2",
		"-CA",
		file("ours.crt"),
		"-CAkey",
		file("ours.key"),
		"-CAcreateserial",
		"-extfile",
		file(`${name}.ext`),
		"-out",
		file(`${name}.crt`),
	]);
}

/** Copies a file to where the server can read it, and nobody else. */
async function giveServer(name: string) {
	const path = join(server.dataDir, name);
	await writeFile(path, await readFile(file(name)));
	const { uid, gid } = await stat(server.dataDir);
	await chown(path, uid, gid);
	await chmod(path, 0o600);
}

/** Lets the server offer TLS or not, and demand what `pg_hba.conf` is to say of connections by TCP. */
async function setUp(ssl: "on" | "off", access: string) {
	await writeFile(
		join(server.dataDir, "pg_hba.conf"),
		`${access}\nhost all all 127.0.0.1/32 reject\n`,
	);
	for (const sql of [
		`ssl = ${ssl}`,
		"ssl_cert_file = 'server.crt'",
		"ssl_key_file = 'server.key'",
		"ssl_ca_file = 'ours.crt'",
	]) {
		await observer.query(`ALTER SYSTEM SET ${sql}`);
	}
	await observer.query("SELECT pg_reload_conf()");
	await until(
		observer,
		`current_setting('ssl') = '${ssl}' AND NOT EXISTS (SELECT FROM pg_hba_file_rules WHERE error IS NOT NULL)`,
	);
}

const any = "host all all 127.0.0.1/32 scram-sha-256";
const tlsOnly = "hostssl all all 127.0.0.1/32 scram-sha-256";
const plainOnly = "hostnossl all all 127.0.0.1/32 scram-sha-256";
const clientCertificate = "hostssl all all 127.0.0.1/32 cert";

/** Collects, and says whether that was by TLS, or else why it failed. */
async function outcome(
	parameters: Record<string, string>,
	host = "localhost",
	port = server.port,
) {
	await collector?.close?.();
	await until(
		observer,
		"NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'adult_matching_monitoring')",
	);
	collector = createPostgresCollector({
		url: server.url({ host, port, parameters }),
		timeLimit: 3,
	});
	const { readings, problems } = await collector.collect(
		new AbortController().signal,
	);
	if (measured(readings, postgresMetrics.up) !== 1)
		return problems?.[0]?.replace(/^.* cannot be read: /, "");
	const { rows } = await observer.query<{ ssl: boolean }>(
		"SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'adult_matching_monitoring'",
	);
	return rows.length === 1 && (rows[0]?.ssl ? "TLS" : "plain");
}

const notOffered =
	"the server does not offer TLS: turn it on there (ssl = on), or use another sslmode in the database URL";
const notLetIn =
	"the server does not let this role in from here: look at pg_hba.conf, and at sslmode in the database URL";
const unknownAuthority =
	"the server's certificate is of an unknown authority: name the authority's file as sslrootcert in the database URL";
const anotherHost =
	"the server's certificate is for another host: use the host that it names, or sslmode=verify-ca";

test("a server that offers TLS is asked as sslmode says", async () => {
	await setUp("on", any);
	expect(await outcome({})).toBe("TLS");
	expect(await outcome({ sslmode: "disable" })).toBe("plain");
	expect(await outcome({ sslmode: "allow" })).toBe("plain");
	expect(await outcome({ sslmode: "prefer" })).toBe("TLS");
	expect(await outcome({ sslmode: "require" })).toBe("TLS");
});

test("a server that offers none is read in plain, or refused where TLS is required", async () => {
	await setUp("off", any);
	expect(await outcome({})).toBe("plain");
	expect(await outcome({ sslmode: "disable" })).toBe("plain");
	expect(await outcome({ sslmode: "allow" })).toBe("plain");
	expect(await outcome({ sslmode: "prefer" })).toBe("plain");
	expect(await outcome({ sslmode: "require" })).toBe(notOffered);
	expect(await outcome({ sslmode: "verify-full" })).toBe(notOffered);
});

test("a server that demands TLS gets it also where it is only allowed", async () => {
	await setUp("on", tlsOnly);
	expect(await outcome({ sslmode: "allow" })).toBe("TLS");
	expect(await outcome({ sslmode: "disable" })).toBe(notLetIn);
});

test("a server that lets in only without TLS is read so where TLS is only preferred", async () => {
	await setUp("on", plainOnly);
	expect(await outcome({ sslmode: "prefer" })).toBe("plain");
	expect(await outcome({ sslmode: "require" })).toBe(notLetIn);
});

test("the certificate's authority is verified by verify-ca, verify-full, and require with a root certificate", async () => {
	await setUp("on", any);
	const ours = { sslrootcert: file("ours.crt") };
	const another = { sslrootcert: file("another.crt") };
	for (const sslmode of ["require", "verify-ca", "verify-full"]) {
		expect(await outcome({ sslmode, ...ours })).toBe("TLS");
		expect(await outcome({ sslmode, ...another })).toBe(unknownAuthority);
	}
	expect(await outcome({ sslmode: "verify-full" })).toBe(unknownAuthority);
	expect(await outcome({ sslrootcert: "system" })).toBe(unknownAuthority);
	expect(await outcome({ sslmode: "prefer", ...another })).toBe("TLS");
});

test("the certificate's host is verified by verify-full alone", async () => {
	await setUp("on", any);
	const sslrootcert = file("ours.crt");
	expect(
		await outcome({ sslmode: "verify-ca", sslrootcert }, "127.0.0.1"),
	).toBe("TLS");
	expect(await outcome({ sslmode: "require", sslrootcert }, "127.0.0.1")).toBe(
		"TLS",
	);
	expect(
		await outcome({ sslmode: "verify-full", sslrootcert }, "127.0.0.1"),
	).toBe(anotherHost);
});

test("verify-ca without a root certificate is refused, as any public one would do", async () => {
	await setUp("on", any);
	expect(await outcome({ sslmode: "verify-ca" })).toMatch(
		/^sslmode=verify-ca needs .* as sslrootcert/,
	);
});

test("a client's certificate and key are shown to a server that asks for them", async () => {
	await setUp("on", clientCertificate);
	const sslcert = file("client.crt");
	const sslkey = file("client.key");
	expect(await outcome({ sslmode: "require", sslcert, sslkey })).toBe("TLS");
	expect(await outcome({ sslmode: "require" })).toBe(notLetIn);
});

test("a certificate's file that cannot be read is named", async () => {
	await setUp("on", any);
	expect(
		await outcome({ sslmode: "verify-full", sslrootcert: "/no/such.crt" }),
	).toBe(
		"the file that sslrootcert names in the database URL, /no/such.crt, cannot be read",
	);
});

test("a connection by TLS that hangs is given up, and made anew in the round after", async () => {
	await setUp("on", any);
	proxy = await startHangingProxy(server.port);
	proxy.hang();
	const hung =
		"it did not answer within 3 s: look at its load, and at the network between";
	expect(await outcome({ sslmode: "require" }, "localhost", proxy.port)).toBe(
		hung,
	);
	await expect.poll(() => proxy?.open).toBe(0);
	proxy.pass();
	expect(await outcome({ sslmode: "require" }, "localhost", proxy.port)).toBe(
		"TLS",
	);
	await collector?.close?.();
	await expect.poll(() => proxy?.open).toBe(0);
});
