/** A value in a configuration file that looks like a secret, and what to do instead. */
export interface FoundSecret {
	readonly path: readonly string[];
	readonly advice: string;
}

const ownVariables: Readonly<Record<string, string>> = {
	database_url: "DATABASE_URL",
	metrics_token: "METRICS_TOKEN",
	alert_webhook_url: "ALERT_WEBHOOK_URL",
	slack_webhook_url: "ALERT_WEBHOOK_URL",
	supabase_anon_key: "SUPABASE_ANON_KEY",
};

const secretKey =
	/(^|_)(password|passwd|secret|token|api_?key|anon_key|service_role_key|private_key|authorization|credentials?)$/i;

const secretValue: readonly RegExp[] = [
	/^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*:[^/?#\s]*@/i, // a URL with a password
	/^https:\/\/hooks\.slack\.com\/services\//i,
	/[?&](password|token|api_?key|apikey|secret|access_token)=[^&]/i,
	/^bearer\s+\S/i,
	/^eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*$/, // a JSON Web Token
	/^(sk|sb_secret|xox[abprs]|ghp|gho|sbp)[-_]\w{8,}/,
	/-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

const reference = /\$\{env:[A-Za-z_][A-Za-z0-9_]*\}/;

/** Finds what must come from the environment instead. A reference `${env:NAME}` is right. */
export function secretsInFile(
	data: unknown,
	path: readonly string[] = [],
): FoundSecret[] {
	if (typeof data === "string") {
		return isSecret(data, path.at(-1) ?? "")
			? [{ path, advice: adviceFor(path) }]
			: [];
	}
	if (typeof data !== "object" || data === null) return [];
	return Object.entries(data).flatMap(([key, value]) =>
		secretsInFile(value, [...path, key]),
	);
}

/** Whether a value may not be shown, by its own look or by its key's. */
export function isSecret(value: string, key: string): boolean {
	if (value === "" || reference.test(value)) return false;
	const own = Object.hasOwn(ownVariables, key.toLowerCase());
	return (
		own ||
		secretKey.test(key) ||
		secretValue.some((pattern) => pattern.test(value))
	);
}

function adviceFor(path: readonly string[]): string {
	const key = path.at(-1)?.toLowerCase() ?? "";
	const own = Object.hasOwn(ownVariables, key) ? ownVariables[key] : undefined;
	if (own !== undefined) {
		return `a secret does not belong in the file; set the variable ${own}, or ${own}_FILE`;
	}
	const variable = path
		.slice(-2)
		.join("_")
		.toUpperCase()
		.replace(/[^A-Z0-9]+/g, "_");
	return `a secret does not belong in the file; write \${env:${variable}} and set the variable ${variable}, or ${variable}_FILE`;
}
