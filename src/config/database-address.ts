import { isIP } from "node:net";

/** libpq's modes. Source: https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS */
const sslModes = [
	"disable",
	"allow",
	"prefer",
	"require",
	"verify-ca",
	"verify-full",
] as const;

export type SslMode = (typeof sslModes)[number];

/** Where a database URL leads, and how. */
export interface Address {
	/** A host, an IP address, or the folder of a Unix socket. */
	readonly host: string;
	readonly port: number;
	readonly user?: string;
	readonly password?: string;
	readonly database?: string;
	/** libpq's `options`: some poolers find the tenant by it. */
	readonly options?: string;
	readonly sslMode: SslMode;
	/** Paths of PEM files; `system` as the root certificate means the certificates that Node trusts. */
	readonly sslRootCert?: string;
	readonly sslCert?: string;
	readonly sslKey?: string;
}

/**
 * Reads a database URL as libpq does.
 * A missing `sslmode` means `prefer`, also as in libpq: TLS where the server offers it, without a look at the certificate.
 * Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 * @throws Error with a sentence that holds nothing of the URL but parameter names and the wrong value of a known one
 */
export function parseAddress(url: string): Address {
	const parsed = parseUrl(url);
	const parameter = (name: string) =>
		parsed.searchParams.get(name) || undefined;
	const part = (text: string) => decoded(text) || undefined;
	const sslRootCert = parameter("sslrootcert");
	return {
		host: parameter("host") ?? part(bare(parsed.hostname)) ?? "localhost",
		port: portFrom(parameter("port") ?? parsed.port),
		user: parameter("user") ?? part(parsed.username),
		password: parameter("password") ?? part(parsed.password),
		database: parameter("dbname") ?? part(pathIn(url)),
		options: parameter("options"),
		sslMode: sslModeFrom(parameter("sslmode") ?? defaultMode(sslRootCert)),
		sslRootCert,
		sslCert: parameter("sslcert"),
		sslKey: parameter("sslkey"),
	};
}

/** How the server is called in sentences: by its name and port, never by an IP address. */
export function nameOf({ host, port }: Address): string {
	if (isSocket(host)) return `Postgres at ${host}`;
	if (isIP(host) !== 0) return `Postgres on port ${port}`;
	return `Postgres at ${host}:${port}`;
}

export function isSocket(host: string): boolean {
	return host.startsWith("/");
}

function parseUrl(url: string): URL {
	const parsed = URL.parse(url);
	if (
		parsed &&
		/^postgres(ql)?:$/.test(parsed.protocol) &&
		!brokenByPassword(parsed)
	) {
		return parsed;
	}
	throw new Error(
		"the database URL is not postgresql://user:password@host:port/database with special characters percent-encoded (@ as %40, / as %2F, # as %23)",
	);
}

/** As it is written: a URL's own path leaves out `.` and `..`, which are names like others here. */
function pathIn(url: string): string {
	return /^\s*\w+:\/\/[^/]*\/([^?#]*)/.exec(url)?.[1]?.trimEnd() ?? "";
}

/** Whether a /, ? or # in the password has ended the host's part, which then is the user's name. */
function brokenByPassword(parsed: URL): boolean {
	const rest = parsed.pathname + parsed.search;
	return parsed.hash !== "" || (parsed.username === "" && rest.includes("@"));
}

/** IPv6 addresses stand in brackets in a URL. */
function bare(host: string): string {
	return host.replace(/^\[(.*)\]$/, "$1");
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw new Error(
			"the database URL has a % that is not followed by two hexadecimal digits: a percent sign itself is written %25",
		);
	}
}

function portFrom(text: string): number {
	const port = Number(text || 5432);
	if (Number.isInteger(port) && port > 0 && port < 65536) return port;
	throw new Error(`the database URL has port ${text}, which is not 1 to 65535`);
}

function defaultMode(sslRootCert: string | undefined): SslMode {
	return sslRootCert === "system" ? "verify-full" : "prefer";
}

function sslModeFrom(text: string): SslMode {
	const mode = sslModes.find((known) => known === text);
	if (mode !== undefined) return mode;
	throw new Error(
		`the database URL has sslmode=${text}, which is not one of ${sslModes.join(", ")}`,
	);
}
