import fc from "fast-check";
import { expect, test } from "vitest";
import { firstHop, nextHop } from "../../../../src/integration/http/hop.ts";

const first = (url: string, headers = {}, body?: string) =>
	firstHop(
		{
			url,
			method: body === undefined ? "GET" : "POST",
			headers,
			body,
			timeout: 10,
			followRedirects: true,
			verifyTls: true,
			allowLinkLocal: false,
		},
		{ traceparent: "the-trace" },
	);

const redirect = fc.constantFrom(301, 302, 303, 307, 308);

test("no header but the harmless ones, and no login, ever reaches another origin", () => {
	const name = fc
		.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,20}$/)
		.filter((each) => !/^(accept(-.*)?|user-agent)$/i.test(each));
	const headers = fc.dictionary(name, fc.constant("s3cret"));
	const stranger = fc.constantFrom(
		"http://other.test/",
		"//other.test",
		"https://own.test/",
		"http://own.test:81/",
		"http://sub.own.test/",
		"http://own.test.evil.test/",
		"http://own.test@evil.test/",
	);
	fc.assert(
		fc.property(redirect, headers, stranger, (status, given, location) => {
			const hop = first("http://me:s3cret@own.test/a", given);
			const next = nextHop(hop, status, location);
			expect(next?.url.origin).not.toBe("http://own.test");
			expect(Object.keys(next?.headers ?? {}).sort()).toEqual([
				"accept",
				"accept-encoding",
				"user-agent",
			]);
			expect(JSON.stringify(next)).not.toContain("s3cret");
		}),
	);
});

test.each(["/b", "b", "?c", "http://own.test:80/b", "HTTP://OWN.test/b"])(
	"a redirect to %s stays at its origin, and keeps all headers",
	(location) => {
		const hop = first("http://me:s3cret@own.test/a", { "X-Key": "k" });
		expect(nextHop(hop, 302, location)?.headers).toEqual(hop.headers);
		expect(hop.headers).toMatchObject({
			"x-key": "k",
			traceparent: "the-trace",
			authorization: `Basic ${btoa("me:s3cret")}`,
		});
	},
);

test("no location leads anywhere but to http and https, or makes more of a mistake than a reason", () => {
	fc.assert(
		fc.property(redirect, fc.webUrl(), fc.string(), (status, url, location) => {
			const hop = first("http://own.test/a");
			for (const each of [url, location, `${location}:${location}`]) {
				try {
					expect(nextHop(hop, status, each)?.url.protocol).toMatch(/^https?:$/);
				} catch (error) {
					expect(error).toMatchObject({ errorType: "bad_redirect" });
				}
			}
		}),
	);
});

test.each([200, 300, 304, 305, 306, 400])("%i is no redirect", (status) => {
	expect(nextHop(first("http://own.test/"), status, "/b")).toBeUndefined();
});
