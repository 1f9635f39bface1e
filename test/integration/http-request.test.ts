import { describe, expect, test } from "vitest";
import { request } from "../../src/integration/http/request.ts";
import { ask, echoed, servers } from "../support/asking.ts";
import { freePort } from "../support/free-port.ts";
import { httpRequest, LyingServer } from "../support/lying-server.ts";

const { echo, latest, start } = servers();

describe("a request", () => {
	test("is sent as it is told, with the headers of the trace", async () => {
		const origin = await echo();
		const options = {
			method: "POST",
			headers: { "X-Key": "k", "Content-Type": "text/plain" },
			body: "日本",
		};
		const trace = { traceparent: "00-a-b-01" };
		expect(await echoed(`${origin}/a%20b?c=d#e`, options, trace)).toEqual({
			method: "POST",
			url: "/a%20b?c=d",
			headers: {
				host: origin.slice("http://".length),
				accept: "*/*",
				"accept-encoding": "gzip, br",
				"user-agent": "adult-matching-monitoring",
				"x-key": "k",
				"content-type": "text/plain",
				"content-length": "6",
				traceparent: "00-a-b-01",
				connection: "close",
			},
			body: "日本",
		});
	});

	test("has the configured header in the place of any that it would have", async () => {
		const headers = {
			"USER-AGENT": "mine",
			Host: "virtual.test",
			Accept: "application/json",
			authorization: "Bearer mine",
			"Content-Length": "9999",
			"Transfer-Encoding": "chunked",
		};
		const origin = (await echo()).replace("http://", "http://me:pw@");
		const sent = await echoed(origin, { headers, method: "POST", body: "x" });
		expect(sent.headers).toEqual({
			host: "virtual.test",
			accept: "application/json",
			"accept-encoding": "gzip, br",
			"user-agent": "mine",
			authorization: "Bearer mine",
			"content-length": "1",
			connection: "close",
		});
	});

	test.each([
		["me:hunter%402@", "me:hunter@2"],
		["me@", "me:"],
		["100%:%@", "100%:%"],
	])(
		"with %s in its URL sends that as Basic authorization",
		async (login, sent) => {
			const origin = await echo();
			const url = origin.replace("http://", `http://${login}`);
			const { headers } = await echoed(url);
			const basic = Buffer.from(sent).toString("base64");
			expect(headers.authorization).toBe(`Basic ${basic}`);
		},
	);

	test.each(["GET", "DELETE", "PATCH"])(
		"may have a body with %s",
		async (method) => {
			const sent = await echoed(await echo(), { method, body: "{}" });
			expect(sent).toMatchObject({ method, body: "{}" });
		},
	);

	test("is made on a connection of its own, which ends with it", async () => {
		const origin = await echo();
		await Promise.all([ask(origin), ask(origin)]);
		await ask(origin);
		await expect.poll(() => latest()?.open).toBe(0);
	});

	test("measures each phase that it has", async () => {
		const url = (await echo()).replace("127.0.0.1", "localhost");
		const ended: string[] = [];
		const { signal } = new AbortController();
		const options = httpRequest(url, { ipVersion: 4 });
		const { phases, duration } = await request(options, {}, signal, (phase) =>
			ended.push(phase),
		);
		expect(ended).toEqual(["dns", "connect", "first_byte", "transfer"]);
		expect(Object.keys(phases)).toEqual(ended);
		const sum = Object.values(phases).reduce((a, b) => a + b);
		expect(sum).toBeLessThanOrEqual(duration);
	});
});

test("a request that is to stop does so at once, before, while and after it connects", async () => {
	const stopped = { kind: "failure", errorType: "aborted" };
	const origin = await start(new LyingServer(() => {}));
	const early = AbortSignal.abort();
	expect(await request(httpRequest(origin), {}, early)).toMatchObject(stopped);
	const stop = new AbortController();
	const running = request(httpRequest(origin), {}, stop.signal);
	await expect.poll(() => latest()?.received).not.toBe("");
	stop.abort();
	expect(await running).toMatchObject(stopped);
	await expect.poll(() => latest()?.open).toBe(0);
});

test("no reason holds an address, a query, a header or a login", async () => {
	const secret = "s3cret";
	const port = await freePort();
	const url = `http://me:${secret}@127.0.0.1:${port}/?key=${secret}`;
	const headers = { "X-Key": secret, "X-Wrong": `${secret}\u{1f4a9}` };
	for (const options of [{ headers }, { headers: { "X-Key": secret } }]) {
		const result = await ask(url, options);
		expect(result.kind).toBe("failure");
		expect(JSON.stringify(result)).not.toMatch(/s3cret|127\.0/);
	}
});
