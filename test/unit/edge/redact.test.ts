import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	isPrivate,
	isUserId,
	redactPath,
	redactText,
} from "../../../supabase/functions/_shared/monitoring/redact.ts";

const jwt =
	"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJVadQssw5c";

describe("a text loses", () => {
	it.each([
		[
			"an e-mail address",
			"mail to ann.b+c@example.co.jp now",
			"mail to *** now",
		],
		["an encoded e-mail address", "ann%40example.com", "***"],
		[
			"a query",
			"GET https://a.example/b?x=1&y=2 200",
			"GET https://a.example/b?*** 200",
		],
		[
			"the query of a path",
			"/rest/v1/profiles?id=eq.7",
			"/rest/v1/profiles?***",
		],
		["a fragment with values", "/cb#access_token=abc&x=1", "/cb#***"],
		[
			"the password of a URL",
			"postgres://me:pw@db:5432/app",
			"postgres://***@db:5432/app",
		],
		[
			"a bearer token",
			"Authorization failed for Bearer abcdefgh12",
			"Authorization failed for Bearer ***",
		],
		[
			"an authorization header",
			"authorization: Basic dTpw x",
			"authorization: ***",
		],
		["a cookie header", 'Cookie: a=1; b="2"', "Cookie: ***"],
		["a set-cookie header", "set-cookie: sb=1; Path=/", "set-cookie: ***"],
		["a JSON web token", `sent ${jwt} there`, "sent *** there"],
		["a password in a text", "password=hunter2, next", "password=***, next"],
		["a quoted password", 'password: "two words" next', "password: *** next"],
		["a secret in JSON", '{"api_key":"k","a":1}', '{"api_key":***,"a":1}'],
		["a token in a form", "refresh_token=abc&a=1", "refresh_token=***&a=1"],
		["a Stripe key", "sk_live_abcdefghijklmnop", "***"],
		["a Supabase key", "sb_secret_abcdefghijkl_mnop", "***"],
		["a public address", "from 203.0.113.7 by", "from *** by"],
		["a public IPv6 address", "from 2001:db8:0:0:1:0:0:1 by", "from *** by"],
		[
			"what Postgres quotes of a row",
			"Key (email)=(a b) already exists.",
			"Key (email)=(***)",
		],
		[
			"a row that Postgres refuses",
			"Failing row contains (7, ann, null).",
			"Failing row contains (***).",
		],
		[
			"what JSON.parse quotes",
			`Unexpected token 'a', "a b "c"" is not valid JSON`,
			'"***" is not valid JSON',
		],
	])("%s", (_, text, kept) => {
		expect(redactText(text, 500)).toContain(kept);
		expect(redactText(redactText(text, 500), 500)).toBe(redactText(text, 500));
	});

	it.each([
		"Request completed successfully",
		"at 12:30:00 it took 3.5 ms",
		"connect ECONNREFUSED 127.0.0.1:5432 (10.0.0.3, 192.168.1.2)",
		"deno@2.9.6 and node v24.21.0",
		"is it right? yes",
		"column users.id::text does not exist",
		"issue #12 of basic things",
		"two_tower_768 on risk-of-many-words-in-a-name",
		"推薦を生成しました",
	])("nothing of %j", (text) => {
		expect(redactText(text, 500)).toBe(text);
	});

	it("its end, when it is too long, and says how long it was", () => {
		expect(redactText("a".repeat(1000), 10)).toBe(
			`${"a".repeat(10)}... (1000 characters)`,
		);
	});

	it("no half of a character, which makes JSON that strict readers refuse whole", () => {
		const text = "\u{1F600}".repeat(10);
		expect(redactText(text, 5)).toBe(
			"\u{1F600}\u{1F600}\uFFFD... (20 characters)",
		);
		expect(redactText("a\uD83Db", 10)).toBe("a\uFFFDb");
	});

	it("no half of a secret that the cut goes through", () => {
		fc.assert(
			fc.property(fc.nat(700), fc.nat(100), (before, longest) => {
				const text = `${"x ".repeat(before)}canary@example.com${" y".repeat(400)}`;
				expect(redactText(text, longest)).not.toContain("cana");
			}),
		);
	});

	it("nothing in more time than is in proportion, whatever is in it", () => {
		for (const unit of [
			"a@",
			"a.",
			"?a",
			'"a',
			")=(",
			":a",
			"1.",
			"token=",
			"a%40",
		]) {
			const text = unit.repeat(1_000_000);
			expect(redactText(text, 2048).length).toBeLessThan(2200);
		}
	});
});

describe("a property is private", () => {
	it.each(
		"password userPassword PASSWORD passwd pwd token accessToken refresh_token apiKey api_key x-api-key secret client_secret authorization cookie set-cookie email e-mail userEmail ip ip_address clientIp user-agent userAgent x-forwarded-for body rawBody query queryString search session sessionId jwt credentials otp".split(
			" ",
		),
	)("named %s", (name) => {
		expect(isPrivate(name, "x")).toBe(true);
	});

	it.each(
		"name userId id count status url path description shipping recipe tokenizer bodyHeight queryCount zip".split(
			" ",
		),
	)("but not if it is named %s", (name) => {
		expect(isPrivate(name, "x")).toBe(false);
	});

	it("but not if it only says how many, or whether", () => {
		expect(isPrivate("max_tokens", 100)).toBe(false);
		expect(isPrivate("tokens_used", 100)).toBe(false);
		expect(isPrivate("emails_sent", 3)).toBe(false);
		expect(isPrivate("has_password", true)).toBe(false);
		expect(isPrivate("otp", 123456)).toBe(true);
		expect(isPrivate("max_tokens", "abc")).toBe(true);
	});

	it("tells who the user is by some names", () => {
		for (const name of ["userId", "user_id", "user-id", "uid", "user"]) {
			expect(isUserId(name)).toBe(true);
		}
		for (const name of ["users", "username_length", "idle", "subject"]) {
			expect(isUserId(name)).toBe(false);
		}
	});
});

describe("a path", () => {
	it.each([
		["/functions/v1/content_feed", "/functions/v1/content_feed"],
		[
			"/rest/v1/rpc/match_items_two_tower_768",
			"/rest/v1/rpc/match_items_two_tower_768",
		],
		["/users/12345/posts", "/users/{id}/posts"],
		["/u/ann@example.com", "/u/{id}"],
		["/u/ann%40example.com", "/u/{id}"],
		["/x/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/x/{id}"],
		["/reset/a1b2c3d4e5f6a7b8c9d0e1f2", "/reset/{id}"],
		[`/x/${"y".repeat(100)}`, "/x/{id}"],
		["/", "/"],
	])("%s is told as %s", (path, told) => {
		expect(redactPath(path)).toBe(told);
	});
});
