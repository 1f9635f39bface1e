import type { HttpRequest } from "./exchange.ts";
import { RequestError } from "./request-error.ts";

/** One request on the way along redirects. */
export interface Hop {
	readonly url: URL;
	readonly method: string;
	/** By lower-case name. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | undefined;
}

const defaults = {
	accept: "*/*",
	"accept-encoding": "gzip, br",
	"user-agent": "adult-matching-monitoring",
};

/** Of these a stranger learns nothing. Every other header may be a secret. */
const harmless = [
	"accept",
	"accept-encoding",
	"accept-language",
	"user-agent",
] as const;

/** Headers that frame a body; it is framed by what it is. */
const framing = ["content-length", "transfer-encoding"];

/** @throws RequestError if the URL is none */
export function firstHop(
	{ url, method, headers, body }: HttpRequest,
	traceHeaders: Readonly<Record<string, string>>,
): Hop {
	const target = URL.parse(url);
	if (!target || !isHttp(target)) {
		throw new RequestError(
			"invalid_url",
			"has an address that is no http:// or https:// URL",
		);
	}
	const credentials = credentialsOf(target);
	return {
		url: withoutCredentials(target),
		method,
		headers: {
			...defaults,
			...credentials,
			...without(lowerCase(headers), framing),
			...lowerCase(traceHeaders),
		},
		body,
	};
}

/**
 * Where an answer redirects to, by fetch's rules; `undefined` if it does not.
 * @throws RequestError if it can't be followed, or not safely
 */
export function nextHop(
	hop: Hop,
	status: number,
	location: string | undefined,
): Hop | undefined {
	const isRedirect = [301, 302, 303, 307, 308].includes(status);
	if (!isRedirect || location === undefined) return undefined;
	const url = URL.parse(location, hop.url.href);
	if (!url) throw badRedirect("to something that is no URL");
	if (!isHttp(url)) throw badRedirect("to something that is not http(s)");
	const next = { ...asGet(hop, status), url: withoutCredentials(url) };
	if (url.origin === hop.url.origin) return next;
	if (next.body !== undefined) {
		throw badRedirect("to another server, which is not given the body");
	}
	const kept = harmless.flatMap((name) => {
		const value = next.headers[name];
		return value === undefined ? [] : [[name, value] as const];
	});
	return { ...next, headers: Object.fromEntries(kept) };
}

function asGet(hop: Hop, status: number): Hop {
	const { method, headers } = hop;
	const becomesGet =
		status === 303
			? method !== "GET" && method !== "HEAD"
			: status < 303 && method === "POST";
	if (!becomesGet) return hop;
	const ofBody = Object.keys(headers).filter((name) => /^content-/.test(name));
	return {
		...hop,
		method: "GET",
		headers: without(headers, ofBody),
		body: undefined,
	};
}

function isHttp({ protocol }: URL): boolean {
	return protocol === "http:" || protocol === "https:";
}

function badRedirect(reason: string): RequestError {
	return new RequestError("bad_redirect", `redirects ${reason}`);
}

function withoutCredentials(url: URL): URL {
	const bare = new URL(url);
	bare.username = "";
	bare.password = "";
	bare.hash = "";
	return bare;
}

function credentialsOf({ username, password }: URL): Record<string, string> {
	if (username === "" && password === "") return {};
	const login = [username, password].map(decoded).join(":");
	return { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
}

/** A `%` that encodes nothing stands for itself. */
function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function lowerCase(
	headers: Readonly<Record<string, string>>,
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
	);
}

function without(
	headers: Readonly<Record<string, string>>,
	names: readonly string[],
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).filter(([name]) => !names.includes(name)),
	);
}
