import { describe, expect, test } from "vitest";
import { withSupabase } from "../../../src/config/supabase.ts";

const url = "https://abcd.supabase.co";
const path = "/functions/v1/content_feed";
const jwt = "eyJhbGciOiJIUzI1NiJ9.e30.signature";

function endpoint(value: unknown, supabase = { url, anonKey: jwt }): unknown {
	const { data, problems } = withSupabase(
		{ endpoints: { feed: value } },
		supabase,
	);
	expect(problems).toEqual([]);
	return Object(data).endpoints.feed;
}

const ownHeaders = { apikey: jwt, authorization: `Bearer ${jwt}` };

describe("a request to the Supabase project", () => {
	test("is given the project's address and key, written as a path or in full", () => {
		const expected = { url: url + path, headers: ownHeaders };
		expect(endpoint(path)).toEqual(expected);
		expect(endpoint(url + path)).toEqual(expected);
		expect(endpoint({ url: path, timeout: 3 })).toEqual({
			...expected,
			timeout: 3,
		});
	});

	test("keeps headers of its own", () => {
		const headers = { Authorization: "Bearer mine", "x-region": "eu" };
		expect(endpoint({ url: path, headers })).toEqual({
			url: url + path,
			headers: { apikey: jwt, ...headers },
		});
	});

	test("sends a key that is no token as apikey only", () => {
		const anonKey = "sb_publishable_abc";
		expect(endpoint(path, { url, anonKey })).toEqual({
			url: url + path,
			headers: { apikey: anonKey },
		});
	});

	test("is found in flows, sources and measurements too", () => {
		const request = { url: path };
		const { data } = withSupabase(
			{
				flows: { f: { steps: [{ name: "a", request }] } },
				measurements: { m: { request, json: "$.a" } },
			},
			{ url },
		);
		const expected = { url: url + path, headers: {} };
		expect(data).toEqual({
			flows: { f: { steps: [{ name: "a", request: expected }] } },
			measurements: { m: { request: expected, json: "$.a" } },
		});
	});
});

test("a request to anyone else is left as it is, and gets no key", () => {
	for (const other of [
		"http://localhost:8002/health",
		"https://abcd.supabase.co.evil.example/functions/v1/a",
		"http://abcd.supabase.co/functions/v1/a",
	]) {
		expect(endpoint(other)).toBe(other);
	}
});

test("a path without a project is told with what is missing", () => {
	const data = { endpoints: { feed: path } };
	expect(withSupabase(data, {})).toEqual({
		data,
		problems: [
			{
				path: ["endpoints", "feed"],
				sentence: `"${path}" is a path of the Supabase project, which SUPABASE_URL has to name`,
			},
		],
	});
});
