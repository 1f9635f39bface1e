import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Backend, startBackend } from "./backend.ts";
import { type Child, startDeno, startNode } from "./child.ts";

describe.each([
	["Deno", startDeno],
	["Node", startNode],
])("the trace goes out with fetch, under %s,", (_, start) => {
	let project: Backend;
	let named: Backend;
	let stranger: Backend;
	let child: Child;

	beforeAll(async () => {
		[project, named, stranger] = await Promise.all([
			startBackend(),
			startBackend(),
			startBackend(),
		]);
		child = await start("function.ts", {
			SUPABASE_URL: project.url,
			MONITORING_TRACE_HOSTS: ` other.example.com, ${new URL(named.url).host}`,
		});
	});
	afterAll(async () => {
		await child.stop();
		await Promise.all([project.stop(), named.stop(), stranger.stop()]);
	});

	async function ask(path: string, headers: Record<string, string> = {}) {
		const url = `http://127.0.0.1:${child.announced.port}/shop/${path}`;
		const answer = await fetch(url, { headers });
		expect(answer.status).toBe(200);
		return { trace: answer.headers.get("traceresponse")?.split("-")[1] };
	}

	it("to the Supabase project and to the hosts that are named", async () => {
		for (const { url, requests } of [project, named]) {
			const { trace } = await ask(`outgoing?to=${url}/x`);
			expect(requests.at(-1)?.headers.traceparent).toMatch(
				new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`),
			);
		}
	});

	it("never to a stranger", async () => {
		await ask(`outgoing?to=${stranger.url}/x`, { tracestate: "a=1" });
		await ask(`post?to=${stranger.url}/x`);
		for (const { headers } of stranger.requests) {
			expect(headers).not.toHaveProperty("traceparent");
			expect(headers).not.toHaveProperty("tracestate");
		}
		expect(stranger.requests).toHaveLength(2);
	});

	it("with the caller's tracestate, when its traceparent is right", async () => {
		const id = "0af7651916cd43dd8448eb211c80319c";
		await ask(`outgoing?to=${named.url}/x`, {
			traceparent: `00-${id}-b7ad6b7169203331-00`,
			tracestate: "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE",
		});
		const { traceparent, tracestate } = named.requests.at(-1)?.headers ?? {};
		expect(traceparent).toMatch(new RegExp(`^00-${id}-[0-9a-f]{16}-00$`));
		expect(tracestate).toBe("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
		await ask(`outgoing?to=${named.url}/x`, {
			traceparent: `00-${id}-b7ad6b7169203331-0`,
			tracestate: "rojo=1",
		});
		const next = named.requests.at(-1)?.headers;
		expect(next?.traceparent).not.toContain(id);
		expect(next).not.toHaveProperty("tracestate");
	});

	it("but not in the place of a traceparent that the function sets itself", async () => {
		const own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
		await ask(`outgoing?to=${named.url}/x&own=${own}`);
		expect(named.requests.at(-1)?.headers).toMatchObject({
			traceparent: own,
			"x-kept": "1",
		});
	});

	it("and a Request keeps its method, headers and body", async () => {
		await ask(`post?to=${named.url}/x`);
		expect(named.requests.at(-1)).toMatchObject({
			body: "the body",
			headers: { "x-kept": "1", traceparent: expect.any(String) },
		});
		await ask(`put?to=${named.url}/x`);
		expect(named.requests.at(-1)).toMatchObject({
			method: "PUT",
			body: "put",
			headers: { "x-kept": "1", traceparent: expect.any(String) },
		});
	});
});
