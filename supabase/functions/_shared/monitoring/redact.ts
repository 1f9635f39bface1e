/** What stands in the place of a value that stays in the isolate. */
export const redacted = "***";

const privateKey =
	/pass(w|phrase|code)|secret|token(?!iz)|authori|cookie|baggage|(api|access|private)key|credential|jwt|email|useragent|ipaddr|clientip|realip|remoteaddr|forwarded|^(auth|(raw|request)?body|ip|otp|pin|pwd|query(string)?|search(params)?|session(id)?)$/;
/** `max_tokens`, `emails_sent` and `token_count` say how many, not which. */
const howMany = /(tokens|used|sent|total|count|length|size)$/;

/** Whether a property of this name holds what must not leave the isolate: a secret, an address, a query, a body. */
export function isPrivate(key: string, value: unknown): boolean {
	const plain = key.toLowerCase().replace(/[^a-z0-9]/g, "");
	if (typeof value === "boolean" || value === null) return false;
	if (typeof value === "number" && howMany.test(plain)) return false;
	return privateKey.test(plain);
}

/** Whether a property of this name tells who the user is. */
export function isUserId(key: string): boolean {
	return /^(user|uid|user[_.-]?ids?|sub)$/i.test(key);
}

/** What a text has at least, if any of the rules is for it: most have nothing of it. */
const suspicious =
	/[@?:=#"%]|\d\.\d|eyJ|bearer|basic|failing|\b(?:[srp]k|g[hil]|xox|akia|sb_)/i;

const rules: readonly (readonly [pattern: RegExp, replacement: string])[] = [
	// Header lines, whose whole value is secret.
	[/\b((?:set-)?cookie|authorization)(["']?\s*[:=]).*/gi, "$1$2 ***"],
	[/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, "$1 ***"],
	// JSON web tokens, and keys whose issuers mark them.
	[/\beyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]*)?/g, redacted],
	[
		/\b(?:[srp]k|gh[ops]|glpat|xox.|AKIA|sb_secret|github_pat)[_-]?[\w-]{12,}/g,
		redacted,
	],
	// `password=…`, `"api_key": "…"`
	[
		/(passw(?:or)?d|pwd|secret|token|(?:api|access|private)[_-]?key|session[_-]?id)(["']?\s*[:=]\s*)(?:"[^"]*"?|'[^']*'?|[^\s"',;&)}\]]+)/gi,
		"$1$2***",
	],
	// User and password of a URL, then its query and a fragment that holds values.
	[/(:\/\/)[^\s/@"'<>]+@/g, "$1***@"],
	[/(?<=[\w/%-])\?[^\s"'<>)]+/g, "?***"],
	[/#[\w.%-]+=[^\s"'<>)]+/g, "#***"],
	[
		/[^\s@"'<>()[\]{},;:=/?&]{1,64}(?:@|%40)[\w.-]{1,255}\.[a-z]{2,63}/gi,
		redacted,
	],
	// What engines and databases quote of a body that they refuse.
	[/\bUnexpected .*(?= is not valid JSON)/gs, '"***"'],
	[/(\)=\(|Failing row contains \().*\)/gs, "$1***)"],
	// Addresses, but for those of a machine or a network of one's own.
	[
		/(?<![\d.])(?!10\.|127\.|192\.168\.|0\.)(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/g,
		redacted,
	],
	[/(?<![\w:])(?:[\da-f]{0,4}:){3,7}[\da-f]{1,4}(?![\w:])/gi, redacted],
];

/** How much longer than asked a text is looked at, so that no pattern is missed for being cut in two. */
const margin = 512;

/**
 * A text of at most `longest` characters, with what must not leave the isolate taken out:
 * secrets, cookies, authorization, the queries of URLs, e-mail and public IP addresses.
 * No half of a character is left: strict readers would refuse the whole of the JSON that it stands in.
 */
export function redactText(text: string, longest: number): string {
	const whole = text.length <= longest;
	let seen = whole ? text : text.slice(0, longest + margin);
	const before = seen.length;
	if (suspicious.test(seen)) {
		for (const [pattern, replacement] of rules) {
			seen = seen.replace(pattern, replacement);
		}
	}
	if (whole && seen.length <= longest) return seen.toWellFormed();
	// The end of what was looked at may hold half a secret, which no pattern knows.
	const sure = Math.max(0, seen.length - (before - longest));
	const kept = seen.slice(0, Math.min(longest, sure));
	return `${kept.toWellFormed()}... (${text.length} characters)`;
}

const methods =
	/^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE|QUERY)$/;

/** One of the known methods, or `_OTHER`. https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */
export function knownMethod(method: string): string {
	return methods.test(method) ? method : "_OTHER";
}

const id = /^\d+$|@|%40/;
/** Anything very long, and what has many digits, or one in a long word. */
const longId = /.{65}|^(\D*\d){5}|(?=[^_.-]*\d)[^_.-]{16}/;

/** A path without what names one person or thing: numbers, addresses and keys become `{id}`. */
export function redactPath(path: string): string {
	const segments = path.slice(0, 1024).split("/");
	return segments.map((part) => (isId(part) ? "{id}" : part)).join("/");
}

function isId(segment: string): boolean {
	return id.test(segment) || (segment.length > 15 && longId.test(segment));
}
