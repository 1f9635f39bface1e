import { afterEach, beforeEach, expect } from "vitest";
import type { ConfigInput, IntegrationMonitor } from "../../src/index.ts";
import {
	statusOf,
	watchingTest as test,
	untilStates,
	type Watching,
} from "../support/integration.ts";
import { sampleValue } from "../support/prometheus-text.ts";

const token = "token-of-the-jobs-in-this-test";

beforeEach(() => {
	process.env.HEARTBEAT_TOKEN = token;
});
afterEach(() => {
	delete process.env.HEARTBEAT_TOKEN;
});

async function start(
	watching: Watching,
	heartbeats: ConfigInput["heartbeats"],
): Promise<{ monitor: IntegrationMonitor; url: string }> {
	const monitor = await watching.start({ heartbeats });
	return { monitor, url: (await monitor.url()) ?? "" };
}

async function report(url: string, query = ""): Promise<number> {
	const { status } = await fetch(`${url}/heartbeats/nightly_sync${query}`, {
		method: "POST",
		headers: { authorization: `Bearer ${token}` },
	});
	return status;
}

test("a job that reports is healthy at once, and unhealthy when it fails", async ({
	watching,
}) => {
	const { monitor, url } = await start(watching, { nightly_sync: 86_400 });
	expect(await statusOf(monitor, "nightly_sync")).toMatchObject({
		group: "heartbeats",
		state: "unknown",
		reason: "has not reported yet",
	});
	expect(await report(url, "?state=start")).toBe(204);
	expect(await report(url, "?duration=2.5")).toBe(204);
	await untilStates(monitor, { nightly_sync: "healthy" });
	expect(await report(url, "?state=fail&duration=3")).toBe(204);
	await untilStates(monitor, { nightly_sync: "unhealthy" });

	const metrics = await (await fetch(`${url}/metrics`)).text();
	const labels = { heartbeat: "nightly_sync" };
	const of = (name: string, more = {}) =>
		sampleValue(metrics, `adult_matching_${name}`, { ...labels, ...more });
	expect(of("heartbeat_duration_seconds")).toBe(3);
	expect(of("heartbeat_max_age_seconds")).toBe(86_400);
	expect(of("heartbeat_age_seconds")).toBeLessThan(60);
	expect(of("heartbeats_total", { state: "start" })).toBe(1);
	expect(of("heartbeats_total", { state: "fail" })).toBe(1);
});

test("a job that does not report in time is overdue, until it does", async ({
	watching,
}) => {
	const { monitor, url } = await start(watching, {
		nightly_sync: { max_age: 1, grace: 0 },
	});
	await untilStates(monitor, { nightly_sync: "unhealthy" });
	expect((await statusOf(monitor, "nightly_sync")).reason).toBe(
		"has never reported, though every 1 s was awaited",
	);
	await report(url);
	await untilStates(monitor, { nightly_sync: "healthy" });
	await untilStates(monitor, { nightly_sync: "unhealthy" });
});

test("a restart keeps what was reported, and raises no false alarm for what was missed meanwhile", async ({
	watching,
}) => {
	const heartbeats = { nightly_sync: { max_age: 1, grace: 0 } };
	const { url } = await start(watching, heartbeats);
	await report(url);
	await watching.stop();
	await new Promise((resolve) => setTimeout(resolve, 1200));

	const { monitor } = await start(watching, heartbeats);
	expect(await statusOf(monitor, "nightly_sync")).toMatchObject({
		state: "healthy",
		reason: expect.stringMatching(/^reported \d+ s ago$/),
	});
	// It is not forgotten either: nothing comes any more.
	await untilStates(monitor, { nightly_sync: "unhealthy" });
	await watching.stop();
	const again = await start(watching, heartbeats);
	expect((await statusOf(again.monitor, "nightly_sync")).state).toBe(
		"unhealthy",
	);
});
