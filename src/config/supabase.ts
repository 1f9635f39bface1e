import type { Problem } from "./problems.ts";

/** The project that functions are part of, and the key that it asks for. */
export interface Supabase {
	readonly url?: string | undefined;
	readonly anonKey?: string | undefined;
}

interface Filled {
	readonly data: unknown;
	readonly problems: readonly Problem[];
}

/** Keys below which requests stand. */
const sections = [
	"endpoints",
	"ml_endpoints",
	"data_flow_checks",
	"flows",
	"measurements",
	"recommender",
];

/** The configuration, as it is written, with addresses and keys of the Supabase project filled in. */
export function withSupabase(data: unknown, supabase: Supabase): Filled {
	if (!isMapping(data)) return { data, problems: [] };
	return mapEntries(data, ([key, value]) =>
		sections.includes(key)
			? filled(value, supabase, [key])
			: { data: value, problems: [] },
	);
}

/** Whatever is a URL, or has one as `url`, is a request, wherever it stands. */
function filled(
	value: unknown,
	supabase: Supabase,
	path: readonly string[],
): Filled {
	if (typeof value === "string") {
		const isEndpoint = path.length === 2 && /endpoints$/.test(path[0] ?? "");
		return isEndpoint
			? request({ url: value }, value, supabase, path)
			: { data: value, problems: [] };
	}
	if (Array.isArray(value)) {
		const parts = value.map((each, index) =>
			filled(each, supabase, [...path, String(index)]),
		);
		return {
			data: parts.map((part) => part.data),
			problems: parts.flatMap((part) => part.problems),
		};
	}
	if (!isMapping(value)) return { data: value, problems: [] };
	if (typeof value.url === "string") {
		return request(value, value, supabase, path);
	}
	return mapEntries(value, ([key, each]) =>
		filled(each, supabase, [...path, key]),
	);
}

/** @param written what it is left as, where it is none of the project's */
function request(
	{ url, headers = {}, ...rest }: Readonly<Record<string, unknown>>,
	written: unknown,
	supabase: Supabase,
	path: readonly string[],
): Filled {
	const text = String(url);
	const isPath = text.startsWith("/functions/");
	if (isPath && supabase.url === undefined) {
		const sentence = `${JSON.stringify(text)} is a path of the Supabase project, which SUPABASE_URL has to name`;
		return { data: written, problems: [{ path, sentence }] };
	}
	const address = isPath ? supabase.url + text : text;
	const isOwn = originOf(address) === originOf(supabase.url ?? "");
	if (!isOwn || originOf(address) === undefined || !isMapping(headers)) {
		return { data: written, problems: [] };
	}
	const data = {
		...rest,
		url: address,
		headers: { ...keyHeaders(headers, supabase.anonKey), ...headers },
	};
	return { data, problems: [] };
}

/**
 * A key that is a JSON Web Token is the caller's token as well; the newer publishable keys are none.
 * Source: https://supabase.com/docs/guides/api/api-keys
 */
function keyHeaders(
	given: Readonly<Record<string, unknown>>,
	key: string | undefined,
): Record<string, string> {
	const names = Object.keys(given).map((name) => name.toLowerCase());
	if (key === undefined) return {};
	return {
		...(names.includes("apikey") ? {} : { apikey: key }),
		...(names.includes("authorization") || !key.startsWith("eyJ")
			? {}
			: { authorization: `Bearer ${key}` }),
	};
}

function originOf(address: string): string | undefined {
	return URL.parse(address)?.origin;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapEntries(
	mapping: Readonly<Record<string, unknown>>,
	map: (entry: [string, unknown]) => Filled,
): Filled {
	const parts = Object.entries(mapping).map(
		(entry) => [entry[0], map(entry)] as const,
	);
	return {
		data: Object.fromEntries(parts.map(([key, part]) => [key, part.data])),
		problems: parts.flatMap(([, part]) => part.problems),
	};
}
