import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Child, startDeno } from "./child.ts";
import { OtlpReceiver } from "./otlp-receiver.ts";

let receiver: OtlpReceiver;
let edge: Child;

beforeEach(async () => {
	receiver = await OtlpReceiver.start();
	edge = await startDeno("edge.ts", {
		OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
		LOG_LEVEL: "error",
	});
});
afterEach(async () => {
	await edge.stop();
	await receiver.stop();
});

function ask(path: string): Promise<string> {
	const url = `http://127.0.0.1:${edge.announced.port}${path}`;
	return fetch(url).then((response) => response.text());
}

const prefix = "adult_matching_edge";
const servers = () => receiver.spans().filter(({ kind }) => kind === 2);

it("of 50 isolates that are dropped at random, none takes a count or a span of a request with it", async () => {
	let made = 0;
	for (const together of [500, 100, 100, 100]) {
		const paths = Array.from({ length: together }, () => `/shop/r-${++made}`);
		expect(await Promise.all(paths.map(ask))).toEqual(paths);
		// Until isolates have come to be idle.
		await delay(1500);
	}
	expect(Number(await ask("/dropped"))).toBeGreaterThan(20);
	await expect.poll(() => servers().length).toBe(made);
	const totals = () => ({
		requests: receiver.total(`${prefix}_requests_total`, { status: "200" }),
		responses: receiver.total(`${prefix}_responses_total`),
		operations: receiver.total(`${prefix}_db_operations_total`),
		durations: receiver.total("http.server.request.duration"),
		spans: receiver.spans().length,
		dropped: receiver.total(`${prefix}_telemetry_dropped_total`),
	});
	await expect.poll(totals).toEqual({
		requests: made,
		responses: made,
		operations: made,
		durations: made,
		spans: 2 * made,
		dropped: 0,
	});
	const isolates = servers().map(
		({ resource }) => resource["service.instance.id"],
	);
	expect(new Set(isolates).size).toBeGreaterThan(50);
	const cold = servers().filter(
		({ attributes }) => attributes["faas.coldstart"],
	);
	expect(cold).toHaveLength(new Set(isolates).size);
	const paths = servers().map(({ attributes }) => attributes["url.path"]);
	expect(new Set(paths).size).toBe(made);
	expect(receiver.violations).toEqual([]);
}, 60_000);

it("a request that an isolate's end cuts short leaves its span, with the reason", async () => {
	const never = ask("/shop/never").catch(() => {});
	await delay(500);
	await ask("/end?reason=wall_clock");
	await expect.poll(() => servers().length).toBe(1);
	expect(servers()[0]).toMatchObject({
		status: { code: 2 },
		attributes: { "error.type": "wall_clock", "url.path": "/shop/never" },
	});
	await edge.stop();
	await never;
});
