/** Why something went wrong, and the way out, by the code of the error: Node's, OpenSSL's or Postgres' SQLSTATE. */
const reasons: Readonly<Record<string, string>> = {
	ECONNREFUSED:
		"nothing listens there (connection refused): start the server, or correct host and port in the database URL",
	ENOENT:
		"there is no such socket: start the server, or correct the folder in the database URL",
	ENOTFOUND:
		"the host's name is not known: correct it in the database URL, or look at the DNS",
	EAI_AGAIN: "the host's name could not be looked up: look at the DNS",
	ECONNRESET: "the connection was cut: look at the server's log",
	EPIPE: "the connection was cut: look at the server's log",
	ETIMEDOUT: "the host does not answer: look at the network and its firewalls",
	EHOSTUNREACH: "the host cannot be reached: look at the network",
	ENETUNREACH: "the network of the host cannot be reached: look at the network",

	DEPTH_ZERO_SELF_SIGNED_CERT:
		"the server's certificate is signed by itself: name it as sslrootcert in the database URL",
	SELF_SIGNED_CERT_IN_CHAIN:
		"the server's certificate is of an unknown authority: name the authority's file as sslrootcert in the database URL",
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
		"the server's certificate is of an unknown authority: name the authority's file as sslrootcert in the database URL",
	UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		"the server's certificate is of an unknown authority: name the authority's file as sslrootcert in the database URL",
	CERT_HAS_EXPIRED: "the server's certificate has expired: renew it",
	CERT_NOT_YET_VALID:
		"the server's certificate is not valid yet: look at the clocks",
	ERR_TLS_CERT_ALTNAME_INVALID:
		"the server's certificate is for another host: use the host that it names, or sslmode=verify-ca",

	"08P01":
		"the connection pooler refused it, or has no server to ask: look at the pooler's log",
	"28P01": "user name or password are wrong: correct them in the database URL",
	"28000":
		"the server does not let this role in from here: look at pg_hba.conf, and at sslmode in the database URL",
	"3D000":
		"there is no such database: correct its name in the database URL, or create it",
	"42501":
		"the role may not read it: GRANT pg_monitor to the role of the database URL",
	"53300":
		"the server has no connection left for the monitor (too many clients): close some, or raise max_connections",
	"55P03":
		"it was locked for too long: look for a session that holds a lock on the catalogue",
	"57014": "it took too long, and was cancelled",
	"57P01": "the server is shutting down, or ended the monitor's session",
	"57P02": "the server crashed: look at its log",
	"57P03": "the server is starting up, shutting down or recovering",
};

/** What tells those apart that have no code of their own: errors of pg, of OpenSSL and of poolers. */
const reasonsByPattern: readonly (readonly [RegExp, string])[] = [
	[
		/^The server does not support SSL connections/,
		"the server does not offer TLS: turn it on there (ssl = on), or use another sslmode in the database URL",
	],
	[
		/^There was an error establishing an SSL connection/,
		"the server refused to begin TLS: look at its log",
	],
	[
		/^Connection terminated/,
		"the connection was cut: look at the server's log",
	],
	[
		/client password must be a string/,
		"the server wants a password: write it into the database URL",
	],
	[
		/^ERR_OSSL/,
		"the certificates or the key that the database URL names cannot be used: they must be PEM files that belong together",
	],
	[
		/^ERR_SSL/,
		"TLS could not be agreed on: look at the server's log, and at the certificates on both sides",
	],
	[
		/^XX000 .*tenant.* not found/i,
		"the pooler does not know the user: for Supabase's it is postgres.<project ref>, and the host is the one of the project's region",
	],
	[
		/^XX000 .*max client/i,
		"the pooler has no connection left for the monitor: raise its limit of clients, or close some",
	],
];

/**
 * Says in words what went wrong and what would help.
 * Messages of the server are not repeated: they hold names of users, addresses and pieces of queries.
 */
export function reasonOf(error: unknown): string {
	if (error instanceof ExplainedError) return error.message;
	if (!(error instanceof Error)) return "it failed for an unknown reason";
	const code = codeOf(error);
	const text = code === undefined ? error.message : `${code} ${error.message}`;
	return (
		reasons[code ?? ""] ??
		reasonsByPattern.find(([pattern]) => pattern.test(text))?.[1] ??
		`it failed with ${code ?? error.name}: look at the server's log`
	);
}

/** An error of ours, whose message may be shown. */
export class ExplainedError extends Error {}

/** Whether another choice of TLS or no TLS might help. */
export function isAboutEncryption(error: unknown): boolean {
	const code = codeOf(error) ?? "";
	return (
		code === "28000" ||
		code === "EPROTO" ||
		code.startsWith("ERR_SSL") ||
		(error instanceof Error &&
			error.message === "The server does not support SSL connections")
	);
}

/** Whether the server has ended the connection with this error. */
export function endsConnection(error: unknown): boolean {
	return codeOf(error)?.startsWith("57P") ?? false;
}

function codeOf(error: unknown): string | undefined {
	if (!(error instanceof Error) || !("code" in error)) return undefined;
	return typeof error.code === "string" ? error.code : undefined;
}
