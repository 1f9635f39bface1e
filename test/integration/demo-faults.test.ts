import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestDemo, type TestDemo } from "../support/demo.ts";
import { waitFor } from "../support/wait-for.ts";

let running: TestDemo;

beforeAll(async () => {
	running = await startTestDemo();
	expect((await send("POST", "data_sync", "/sync")).status).toBe(200);
});
afterAll(() => running.stop());

async function send(
	method: string,
	service: string,
	path: string,
	body?: unknown,
) {
	const url = new URL(path, running.url(service));
	const response = await fetch(url, { method, body: JSON.stringify(body) });
	const text = await response.text();
	return { status: response.status, body: JSON.parse(text) };
}

async function recommendations(): Promise<number> {
	return (await fetch(running.url("enhanced_recommendations"))).status;
}

test("an unloaded model recommends nothing until it is loaded again", async () => {
	const unloaded = await send("DELETE", "model_inference", "/model");
	expect(unloaded.body).toMatchObject({ model_loaded: false, contents: 0 });
	expect(await recommendations()).toBe(503);
	const told = await send("GET", "model_inference", "/model");
	expect(told.body.model_loaded).toBe(false);
	const loaded = await send("PUT", "model_inference", "/model");
	expect(loaded.body).toMatchObject({ model_loaded: true, contents: 3000 });
	expect(await recommendations()).toBe(200);
});

test("paused syncs are refused until they are resumed, while the service is healthy", async () => {
	await send("POST", "data_sync", "/sync/pause");
	expect((await send("POST", "data_sync", "/sync")).status).toBe(503);
	expect((await send("GET", "data_sync", "/sync")).body.is_paused).toBe(true);
	expect((await send("GET", "data_sync", "/health")).status).toBe(200);
	await send("POST", "data_sync", "/sync/resume");
	expect((await send("POST", "data_sync", "/sync")).status).toBe(200);
});

describe.each([
	["inference", "model_inference", "/model"],
	["data_sync", "data_sync", "/embeddings"],
	["ml_training", "ml_training", "/training/status"],
])("%s at fault", (_, service, path) => {
	const turn = (fault: string) => send("POST", service, "/faults", { fault });

	test.each([
		["answer_empty", { status: 200, body: {} }],
		["error", { status: 500, body: { error: "a fault that was asked for" } }],
	])("answers everything alike: %s", async (fault, answer) => {
		expect((await turn(fault)).body).toEqual({ fault });
		expect(await send("GET", service, "/health")).toEqual(answer);
		expect(await send("GET", service, path)).toEqual(answer);
		await turn("none");
		expect((await send("GET", service, "/health")).status).toBe(200);
		expect((await send("GET", service, path)).body).toHaveProperty(
			"model_loaded",
		);
	});

	test("answers nothing while it hangs, and then what was asked", async () => {
		await turn("hang");
		let isAnswered = false;
		const answer = send("GET", service, "/health").finally(() => {
			isAnswered = true;
		});
		const url = new URL(path, running.url(service));
		await expect(
			fetch(url, { signal: AbortSignal.timeout(500) }),
		).rejects.toThrow("timeout");
		expect(isAnswered).toBe(false);
		await turn("none");
		expect((await answer).status).toBe(200);
	});

	test("refuses a fault that it does not know", async () => {
		expect((await turn("explode")).status).toBe(400);
		expect((await send("GET", service, "/health")).status).toBe(200);
	});
});

test("recommendations are not available while the inference answers with nothing", async () => {
	await send("POST", "model_inference", "/faults", { fault: "answer_empty" });
	expect(await recommendations()).toBe(503);
	await send("POST", "model_inference", "/faults", { fault: "none" });
	expect(await recommendations()).toBe(200);
});

test("with a Postgres that hangs every part answers that it is not well, and is well again after it", async () => {
	const parts = [
		"data_sync",
		"ml_training",
		"user_management",
		"content_feed",
		"enhanced_recommendations",
	];
	const statuses = () =>
		Promise.all(
			parts.map(async (name) => {
				const signal = AbortSignal.timeout(10_000);
				return (await fetch(running.url(name), { signal })).status;
			}),
		);
	running.proxy.hang();
	expect(await statuses()).toEqual([503, 503, 503, 500, 503]);
	const loaded = await send("GET", "model_inference", "/model");
	expect(loaded.body.model_loaded).toBe(true);
	running.proxy.pass();
	await waitFor(async () =>
		(await statuses()).every((status) => status === 200),
	);
	expect(running.errors).toEqual([]);
}, 60_000);
