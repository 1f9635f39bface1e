import { isIPv6 } from "node:net";

/** Takes configured secrets out of a text. */
export type Mask = (text: string) => string;

/** Characters of an answer that are shown at most. */
const shown = 160;
/** Characters of an answer that are looked at: the patterns must not be run over a whole MiB. */
const seen = 2048;
/** The end of what was looked at may hold half a secret, which no pattern knows. */
const unsure = 512;

const hidden = "***";

const rules: readonly (readonly [pattern: RegExp, replacement: string])[] = [
	[/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`],
	// JSON web tokens, cut ones too, and keys whose issuers mark them.
	[/eyJ[\w-]{5,}(?:\.[\w-]*){0,2}/g, hidden],
	[/\b(?:sk|rk|pk|gh[opsu]|sb_secret|github_pat)_[\w-]{12,}/g, hidden],
	// `password=…`, `"api_key": "…"`
	[
		/((?:passw(?:or)?d|secret|token|api_?key|cookie|authorization)["']?\s*[:=]\s*)(?!(?:true|false|null)\b)(?:"[^"]*"?|'[^']*'?|[^\s"',;&})\]]+)/gi,
		`$1${hidden}`,
	],
	// Login, and query, of a URL.
	[/(:\/\/)[^\s/@"'<>]{1,256}@/g, `$1${hidden}@`],
	[/(?<=\/[\w/.~%-]*)\?[^\s"'<>]+/g, `?${hidden}`],
	[
		/[^\s@"'<>()[\]{},;:=/?&*]{1,64}(?:@|%40)[\w.-]{1,255}\.[a-z]{2,63}/gi,
		hidden,
	],
	[/(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)/g, hidden],
];

/** Hexadecimal digits with at least two colons: an IPv6 address, or a time of day. */
const ipv6Like = /(?<![\w:.])[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?![\w:])/gi;

/** What a component answered, as a reason may show it: on one line, cut, and without secrets or addresses. */
export function excerpt(text: string, mask: Mask): string {
	const line = onOneLine(text);
	const isCut = line.length > seen;
	const known = redacted(line.slice(0, seen), mask);
	const sure = isCut ? known.slice(0, -unsure) : known;
	const characters = [...sure];
	if (!isCut && characters.length <= shown) return sure;
	return `${characters.slice(0, shown - 1).join("")}…`;
}

/** A text without configured secrets, tokens, passwords, e-mail and IP addresses, and queries of URLs. */
export function redacted(text: string, mask: Mask): string {
	return rules
		.reduce(
			(rest, [pattern, replacement]) => rest.replace(pattern, replacement),
			mask(text),
		)
		.replace(ipv6Like, (found) => (isIPv6(found) ? hidden : found));
}

function onOneLine(text: string): string {
	return text
		.toWellFormed()
		.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")
		.trim();
}
