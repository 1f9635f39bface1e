import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { excerpt, redacted } from "../../../src/integration/excerpt.ts";
import { masker } from "../../../src/telemetry/mask.ts";

const nothing = (text: string) => text;
const jwt =
	"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJVadQssw5c";

describe("a text loses", () => {
	test.each([
		["an e-mail address", "ann.b+c@example.co.jp is taken", "*** is taken"],
		["an encoded e-mail address", "ann%40example.com", "***"],
		["a bearer token", "got Bearer abcdefgh12 here", "got Bearer *** here"],
		["a JSON web token", `"jwt":"${jwt}"`, '"jwt":"***"'],
		["a JSON web token that was cut", "x eyJhbGciOiJI", "x ***"],
		["a key that says so", "sk_live_abcdefghijklmnop", "***"],
		[
			"a token in JSON",
			'{"access_token":"abc","a":1}',
			'{"access_token":***,"a":1}',
		],
		["a password in a text", "password=hunter2, next", "password=***, next"],
		["a URL's login", "https://me:pw@a.example/b", "https://***@a.example/b"],
		[
			"a URL's query",
			"https://a.example/b?x=1&y=2 z",
			"https://a.example/b?*** z",
		],
		["a query without values", "GET /cb?abc done", "GET /cb?*** done"],
		["a path's query", "/rest/v1/users?id=eq.7", "/rest/v1/users?***"],
		["an IPv4 address", "connect 10.1.2.3:5432", "connect ***:5432"],
		["an IPv6 address", "connect 2001:db8::7 failed", "connect *** failed"],
		[
			"the machine's own IPv6 address",
			"connect ::1 failed",
			"connect *** failed",
		],
	])("%s", (_, text, rest) => {
		expect(redacted(text, nothing)).toBe(rest);
		expect(redacted(rest, nothing)).toBe(rest);
	});

	test("what is configured as a secret", () => {
		const mask = masker(["hunter-two"]);
		expect(redacted("was hunter-two", mask)).toBe("was ***");
	});
});

test.each([
	"answered 500 instead of 200/201",
	"at 12:34:56 the value was 1.2.3",
	"really? yes",
	'{"token":null,"id":"0b5f"}',
	"'x'::date",
])("%s is left as it is", (text) => {
	expect(redacted(text, nothing)).toBe(text);
});

describe("an excerpt", () => {
	test("is one line, without control characters", () => {
		expect(excerpt(' {\n\t"a":\u0000 1\r\n}\u202e ', nothing)).toBe(
			'{ "a": 1 }',
		);
	});

	test("has 160 characters at most, and says when it is cut", () => {
		expect(excerpt("x".repeat(160), nothing)).toBe("x".repeat(160));
		expect(excerpt("x".repeat(161), nothing)).toBe(`${"x".repeat(159)}…`);
	});

	test("never cuts a character in two", () => {
		expect(excerpt("😀".repeat(200), nothing)).toBe(`${"😀".repeat(159)}…`);
	});

	test("is quick, whatever a whole MiB holds", () => {
		const mask = masker(["hunter-two"]);
		for (const text of ["a", "a@", "://", "1.", ":", "?", " ", "eyJ", '"']) {
			const body = text.repeat(1_048_576 / text.length);
			expect(excerpt(body, mask).length).toBeLessThanOrEqual(160);
		}
	});

	test("holds no part of a secret, wherever in the text it is", () => {
		const secret = "hunter-two-and-a-long-tail-of-it";
		const mask = masker([secret]);
		const filling = fc
			.array(fc.constantFrom("x", " ", `${jwt} `, "ann@example.com "), {
				maxLength: 3000,
			})
			.map((parts) => parts.join(""));
		fc.assert(
			fc.property(filling, filling, (before, after) => {
				const shown = excerpt(`${before}${secret}${after}`, mask);
				expect(shown).not.toContain("hunter-t");
				expect(shown).not.toContain("eyJ");
				expect(shown).not.toContain("example.com");
			}),
		);
	});
});
