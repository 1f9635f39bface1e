import { describe, expect, test } from "vitest";
import { ask, servers } from "../support/asking.ts";

const { redirect: startServer } = servers();

describe("a redirect to another server", () => {
	const secrets = {
		Authorization: "Bearer secret",
		apikey: "secret",
		Cookie: "session=secret",
		"X-Anything": "secret",
		Accept: "text/plain",
		"User-Agent": "mine",
	};
	const trace = {
		traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
		baggage: "user=secret",
	};

	test("shows it no configured header, no login and no trace, also when it leads on", async () => {
		const stranger = await startServer((path) =>
			path === "/in" ? [302, "/on"] : undefined,
		);
		const own = await startServer((path) =>
			path === "/a" ? [301, "/b"] : [302, `${stranger.origin}/in`],
		);
		const url = own.origin.replace("http://", "http://me:secret@");
		await ask(`${url}/a`, { headers: secrets }, trace);

		expect(own.asked).toHaveLength(2);
		for (const { headers } of own.asked) {
			expect(headers).toMatchObject({
				authorization: "Bearer secret",
				apikey: "secret",
				...trace,
			});
		}
		expect(stranger.asked.map(({ path }) => path)).toEqual(["/in", "/on"]);
		for (const { headers } of stranger.asked) {
			expect(headers).toEqual({
				host: stranger.origin.slice("http://".length),
				accept: "text/plain",
				"accept-encoding": "gzip, br",
				"user-agent": "mine",
				connection: "close",
			});
		}
	});

	test("and back from there shows the first one no secret either", async () => {
		const stranger = await startServer(() => [302, `${own.origin}/back`]);
		const own = await startServer((path) =>
			path === "/back" ? undefined : [302, stranger.origin],
		);
		await ask(own.origin, { headers: secrets });
		expect(own.asked[1]?.path).toBe("/back");
		expect(JSON.stringify(own.asked[1])).not.toContain("secret");
	});

	test("takes no login from the redirect", async () => {
		const stranger = await startServer();
		const own = await startServer(() => [
			302,
			stranger.origin.replace("http://", "http://me:secret@"),
		]);
		await ask(own.origin);
		expect(stranger.asked[0]?.headers).not.toHaveProperty("authorization");
	});

	test("is not followed with a body", async () => {
		const stranger = await startServer();
		const own = await startServer(() => [307, stranger.origin]);
		const options = { method: "POST", body: "secret" };
		expect(await ask(own.origin, options)).toMatchObject({
			reason: "redirects to another server, which is not given the body",
			errorType: "bad_redirect",
		});
		expect(stranger.asked).toEqual([]);
	});
});
