import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
	MonitorProcess,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";
import { OtlpReceiver } from "../support/otlp-receiver.ts";
import { sampleValue } from "../support/prometheus-text.ts";
import { waitFor } from "../support/wait-for.ts";

let folder: string;
let receiver: OtlpReceiver;
let backend: Server;
let traceparents: (string | undefined)[];
let monitor: MonitorProcess;

beforeEach(async () => {
	folder = temporaryFolder();
	receiver = new OtlpReceiver();
	const endpoint = await receiver.start();
	traceparents = [];
	backend = createServer((request, response) => {
		traceparents.push(request.headers.traceparent?.toString());
		response.end("{}");
	}).listen(0, "127.0.0.1");
	await once(backend, "listening");
	const address = backend.address();
	const port = typeof address === "object" ? address?.port : 0;
	writeFileSync(
		join(folder, "monitoring.yaml"),
		`metric_namespace: mine
endpoints:
  data_sync: http://127.0.0.1:${port}/health?key=hunter2
`,
	);
	// As in a container, into which the host's files are mounted.
	const host = join(folder, "host");
	mkdirSync(join(host, "etc"), { recursive: true });
	writeFileSync(join(host, "etc/hostname"), "web-1\n");
	monitor = new MonitorProcess(folder, {
		ENVIRONMENT: "staging",
		HOST_ROOT: host,
		OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
		OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
		OTEL_RESOURCE_ATTRIBUTES: "team=matching",
		OTEL_BSP_SCHEDULE_DELAY: "100",
	});
	await monitor.url();
});
afterEach(async () => {
	await monitor.end();
	await receiver.stop();
	backend.closeAllConnections();
	backend.close();
	removeFolder(folder);
});

describe("with an endpoint for OTLP", () => {
	test("a probe is the root of a trace that the component can continue, and no query of the monitor's own is one", async () => {
		const span = await waitFor(() => receiver.spans.at(0));
		expect(span).toMatchObject({
			name: "probe data_sync",
			kind: 3,
			parentSpanId: "",
			attributes: {
				"http.request.method": "GET",
				"http.response.status_code": 200,
				"server.address": "127.0.0.1",
				"server.service.name": "data_sync",
			},
		});
		const [traceparent] = traceparents;
		expect(traceparent).toBe(`00-${span.traceId}-${span.spanId}-01`);
		await monitor.end();
		const names = new Set(receiver.spans.map(({ name }) => name));
		expect([...names]).toEqual(["probe data_sync"]);
		expect(receiver.bodies.join()).not.toContain("hunter2");
	});

	test("metrics have the configured namespace, and tell who they are of", async () => {
		const point = await waitFor(
			() => receiver.points("mine_system_memory_percent")[0],
		);
		expect(point).toMatchObject({
			unit: "%",
			service: "adult-matching-monitoring",
		});
		expect(receiver.resources[0]).toMatchObject({
			"deployment.environment.name": "staging",
			"host.name": "web-1",
			"service.instance.id": expect.stringMatching(/^[0-9a-f-]{36}$/),
			"service.version": expect.any(String),
			team: "matching",
		});
		expect(
			sampleValue(await monitor.get("/metrics"), "mine_system_memory_percent"),
		).toBeGreaterThan(0);
		// What is measured over a time comes with a later collection.
		await expect
			.poll(() => receiver.metricNames())
			.toEqual(
				expect.arrayContaining([
					"mine_db_up",
					"system.cpu.time",
					"process.memory.usage",
					"nodejs.eventloop.utilization",
				]),
			);
	});

	test("what is left is sent when it ends", async () => {
		const before = receiver.bodies.length;
		await monitor.end();
		expect(receiver.bodies.length).toBeGreaterThan(before);
	});
});
