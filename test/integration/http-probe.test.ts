import type { IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { probe as probeSchema } from "../../src/config/schema/probe.ts";
import type { Group } from "../../src/integration/components.ts";
import { createProbe } from "../../src/integration/probe.ts";
import { integrationMetrics } from "../../src/metrics/integration.ts";
import { makeCertificates } from "../support/certificates.ts";
import { freePort } from "../support/free-port.ts";
import { LyingServer, speaking } from "../support/lying-server.ts";

let server: LyingServer | undefined;
afterEach(async () => {
	await server?.close();
	server = undefined;
});

interface Asked {
	readonly method: string | undefined;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** Answers with the text, and remembers what it was asked. */
async function serve(answer = "{}") {
	const asked: Asked[] = [];
	server = new LyingServer(
		speaking(async (message, response) => {
			const { method, headers } = message;
			asked.push({ method, headers, body: await text(message) });
			response.end(answer);
		}),
	);
	return { url: await server.start(), asked };
}

/** A probe as a configuration may say it. */
const probe = (config: unknown, group: Group = "backend_services") =>
	createProbe({
		group,
		name: "api",
		config: probeSchema.parse(config),
		interval: 15,
		failuresBeforeUnhealthy: 2,
		successesBeforeHealthy: 1,
		mask: (text) => text,
	});

const { signal } = new AbortController();
const labels = { group: "backend_services", component: "api" };

test("a probe is a check that brings a verdict, and how long each phase took", async () => {
	const { url } = await serve();
	const check = probe({ url, depends_on: ["database"] });
	expect(check).toMatchObject({
		group: "backend_services",
		name: "api",
		interval: 15,
		dependsOn: ["database"],
		failuresBeforeUnhealthy: 2,
		successesBeforeHealthy: 1,
	});
	const value = expect.any(Number);
	const { probeDuration, probePhaseDuration } = integrationMetrics;
	expect(await check.run(signal)).toEqual({
		verdict: { state: "healthy", reason: "answered 200" },
		duration: value,
		traceId: undefined,
		readings: [],
		samples: [
			{ metric: probeDuration, value, labels },
			...["connect", "first_byte", "transfer"].map((phase) => ({
				metric: probePhaseDuration,
				value,
				labels: { ...labels, phase },
			})),
		],
	});
});

test("a probe that fails brings the reason, and the phases that came to their end", async () => {
	const check = probe(`http://127.0.0.1:${await freePort()}`);
	const { verdict, samples } = await check.run(signal);
	expect(verdict).toEqual({
		state: "unhealthy",
		reason: "refused the connection (ECONNREFUSED)",
	});
	expect(samples).toMatchObject([{ metric: integrationMetrics.probeDuration }]);
});

test("a probe by TLS brings the end of the certificate, also where it is not accepted", async () => {
	const { selfSigned } = await makeCertificates();
	const lie = speaking((_request, response) => response.end());
	server = new LyingServer(lie, selfSigned);
	const url = await server.start();
	for (const verify_tls of [true, false]) {
		const check = probe({ url, verify_tls });
		const { verdict, readings } = await check.run(signal);
		expect(verdict.state).toBe(verify_tls ? "unhealthy" : "healthy");
		expect(readings).toEqual([
			{
				metric: integrationMetrics.certificateExpiry,
				value: selfSigned.notAfter,
				labels,
			},
		]);
	}
});

test("a probe of the ML pipeline is judged by what the model reports", async () => {
	const report = { model_loaded: true, memory_usage_percent: 95 };
	const { url } = await serve(JSON.stringify(report));
	const judged = async (group: Group) =>
		(await probe(url, group).run(signal)).verdict.state;
	expect(await judged("ml_pipeline")).toBe("degraded");
	expect(await judged("edge_functions")).toBe("healthy");
});

test("a probe sends a body that is no text as JSON, and a text as it is", async () => {
	const { url, asked } = await serve();
	const json = "application/json";
	const type = { "Content-Type": "application/vnd.api+json" };
	for (const rest of [
		{ body: { a: [1] } },
		{ body: [] },
		{ body: { a: 1 }, headers: type },
		{ body: "a=1" },
		{},
	]) {
		await probe({ url, method: "POST", ...rest }).run(signal);
	}
	expect(
		asked.map(({ headers, body }) => [headers["content-type"], body]),
	).toEqual([
		[json, '{"a":[1]}'],
		[json, "[]"],
		[type["Content-Type"], '{"a":1}'],
		[undefined, "a=1"],
		[undefined, ""],
	]);
});

test("a probe that is stopped ends, and never rejects", async () => {
	server = new LyingServer(() => {});
	const stop = new AbortController();
	const running = probe(await server.start()).run(stop.signal);
	await expect.poll(() => server?.received).not.toBe("");
	stop.abort();
	expect((await running).verdict.state).toBe("unhealthy");
});
