import { expect, onTestFinished } from "vitest";
import type { IntegrationMonitor } from "../../src/index.ts";
import { sendingTo } from "../support/instrumented-server.ts";
import { answering, watchingTest as test } from "../support/integration.ts";
import { OtlpReceiver } from "../support/otlp-receiver.ts";
import { sampleValue } from "../support/prometheus-text.ts";
import { waitFor } from "../support/wait-for.ts";

function reader(monitor: IntegrationMonitor) {
	return async (name: string, labels = {}) => {
		const response = await fetch(`${await monitor.url()}/metrics`);
		return sampleValue(await response.text(), `adult_matching_${name}`, labels);
	};
}

test("a measurement is a gauge while it can be read; when not, it goes away and its errors are counted", async ({
	watching,
}) => {
	let body: object = { length: 7 };
	const url = await watching.serve((request, response) =>
		answering(200, body)(request, response),
	);
	const monitor = await watching.start({
		// It bounds the time of a request too, which a busy machine needs.
		check_interval: 2,
		measurements: {
			queue_length: { request: { url }, json: "$.length" },
			ml_model_accuracy: { request: { url }, json: "$.accuracy" },
		},
	});
	const value = reader(monitor);
	const errors = (measurement: string) =>
		value("measurement_errors_total", { measurement });
	expect(await value("queue_length")).toBe(7);
	expect(await errors("queue_length")).toBe(0);
	expect(await value("ml_model_accuracy")).toBeUndefined();
	await waitFor(async () => ((await errors("ml_model_accuracy")) ?? 0) > 1);

	body = { accuracy: 0.75 };
	await waitFor(async () => (await value("ml_model_accuracy")) === 0.75);
	await waitFor(async () => (await value("queue_length")) === undefined);
	expect(await errors("queue_length")).toBeGreaterThan(0);
	expect(
		await value("measurement_success", { measurement: "queue_length" }),
	).toBe(0);
	body = { length: 0 };
	await waitFor(async () => (await value("queue_length")) === 0);
});

test("durations of a component's probes are recorded while it is healthy", async ({
	watching,
}) => {
	let status = 200;
	const url = await watching.serve((request, response) =>
		answering(status)(request, response),
	);
	const monitor = await watching.start({
		endpoints: { recommendations: url },
		measurements: {
			recommendation_latency_seconds: { duration_of: "recommendations" },
		},
	});
	const value = reader(monitor);
	const count = () => value("recommendation_latency_seconds_count");
	await waitFor(async () => ((await count()) ?? 0) > 2);
	status = 503;
	const isUnhealthy = async () =>
		(await monitor.getComponentStatus("recommendations"))?.state ===
		"unhealthy";
	await waitFor(isUnhealthy);
	const before = await count();
	const probes = () =>
		value("probe_duration_seconds_count", { component: "recommendations" });
	const probed = (await probes()) ?? 0;
	await waitFor(async () => ((await probes()) ?? 0) > probed + 2);
	expect(await count()).toBe(before);
});

test("a component's page has its status, its uptime, and its last results with their traces", async ({
	watching,
}) => {
	const receiver = new OtlpReceiver();
	const environment = sendingTo(await receiver.start());
	Object.assign(process.env, environment);
	onTestFinished(async () => {
		for (const name of Object.keys(environment)) delete process.env[name];
		await receiver.stop();
	});
	const url = await watching.serve(answering(500));
	const monitor = await watching.start({ endpoints: { backend: url } });
	await waitFor(
		async () => (await monitor.getIntegrationHistory(1)).results.length > 2,
	);
	const page = `${await monitor.url()}/status/backend_services/backend`;
	const details = JSON.parse(await (await fetch(page)).text());
	expect(details).toMatchObject({
		group: "backend_services",
		name: "backend",
		state: "unhealthy",
		reason: "answered 500",
		uptime: [{ name: "backend", percent: 0 }],
	});
	const [first] = details.results;
	expect(first).toMatchObject({ state: "unhealthy", reason: "answered 500" });
	expect(first.traceId).toMatch(/^[\da-f]{32}$/);
	// The failure that began it is what an alert leads to.
	expect(details.traceId).toBe(first.traceId);
	const failure = await reader(monitor)("component_failure", {
		component: "backend",
		trace_id: first.traceId,
	});
	expect(failure).toBe(1);
});
