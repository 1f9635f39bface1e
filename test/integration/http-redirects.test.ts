import { describe, expect, test } from "vitest";
import { ask, servers } from "../support/asking.ts";
import { LyingServer } from "../support/lying-server.ts";

const { redirect: startServer, serve, start } = servers();

describe("a redirect", () => {
	test("is followed to the end, and the phases of all of it are told", async () => {
		const { origin, asked } = await startServer((path) =>
			path === "/a" ? [302, "b?c=d#e"] : undefined,
		);
		expect(await ask(`${origin}/a`)).toMatchObject({
			kind: "answer",
			status: 200,
			body: "answer of /b?c=d",
			phases: {
				connect: expect.any(Number),
				first_byte: expect.any(Number),
				transfer: expect.any(Number),
			},
		});
		expect(asked.map(({ path }) => path)).toEqual(["/a", "/b?c=d"]);
	});

	test("is the answer where none is to be followed, or where it leads nowhere", async () => {
		const { origin } = await startServer(() => [302, "/b"]);
		expect(await ask(origin, { followRedirects: false })).toMatchObject({
			status: 302,
			headers: { location: "/b" },
			body: "answer of /",
		});
		const nowhere = await serve((_request, response) =>
			response.writeHead(302).end(),
		);
		expect(await ask(nowhere)).toMatchObject({ status: 302 });
	});

	test.each([
		[301, "POST", "GET", ""],
		[302, "POST", "GET", ""],
		[302, "PUT", "PUT", "{}"],
		[303, "PUT", "GET", ""],
		[307, "POST", "POST", "{}"],
		[308, "POST", "POST", "{}"],
	])("by %i makes of %s a %s", async (status, method, then, body) => {
		const { origin, asked } = await startServer((path) =>
			path === "/a" ? [status, "/b"] : undefined,
		);
		const headers = { "Content-Type": "application/json", "X-Key": "k" };
		await ask(`${origin}/a`, { method, headers, body: "{}" });
		expect(asked).toMatchObject([
			{ method, body: "{}" },
			{ method: then, body, headers: { "x-key": "k" } },
		]);
		expect(asked[1]?.headers["content-type"]).toBe(
			body === "" ? undefined : "application/json",
		);
	});

	test.each([
		["/a", "redirects in a circle", "redirect_circle"],
		["/longer", "redirects more than 10 times", "too_many_redirects"],
		[
			"ftp://host/",
			"redirects to something that is not http(s)",
			"bad_redirect",
		],
		[
			"file:///etc/passwd",
			"redirects to something that is not http(s)",
			"bad_redirect",
		],
		["http://[", "redirects to something that is no URL", "bad_redirect"],
		[
			"http://0xa9fea9fe/latest/meta-data",
			"has a link-local or cloud metadata address, which is asked only with allow_link_local",
			"forbidden_address",
		],
	])("to %s is a failure", async (location, reason, errorType) => {
		let count = 0;
		const { origin } = await startServer((path) =>
			location === "/longer"
				? [302, `/${count++}`]
				: path === "/b"
					? [302, "/a"]
					: [302, location === "/a" ? "/b" : location],
		);
		expect(await ask(`${origin}/a`)).toMatchObject({
			kind: "failure",
			reason,
			errorType,
		});
	});

	test("of ten steps is followed", async () => {
		let count = 0;
		const { origin } = await startServer(() =>
			count++ < 10 ? [302, `/${count}`] : undefined,
		);
		expect(await ask(origin)).toMatchObject({
			status: 200,
			body: "answer of /10",
		});
	});
});

test("a time limit is one for all redirects together, and says that there were some", async () => {
	const hungAt = await start(new LyingServer(() => {}));
	const { origin } = await startServer(() => [302, hungAt]);
	expect(await ask(origin, { timeout: 1 })).toMatchObject({
		reason: "did not answer within 1 s: it had sent nothing, after 1 redirect",
	});
});
