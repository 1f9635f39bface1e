import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	fixture,
	InstrumentedServer,
	sendingTo,
} from "../support/instrumented-server.ts";
import { LyingServer, speaking } from "../support/lying-server.ts";
import {
	MonitorProcess,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";
import { isStackMissing, TestStack } from "../support/stack.ts";

const folder = temporaryFolder();
const silent = new LyingServer(
	speaking((_request, response) => response.end("{}")),
);
let stack: TestStack;
let monitor: MonitorProcess;
let gateway: InstrumentedServer;

describe.skipIf(isStackMissing)("who sends no spans", () => {
	beforeAll(async () => {
		stack = await TestStack.start();
		const { port } = new URL(await silent.start());
		const url = `http://localhost:${port}`;
		const endpoints = { film_archive: url };
		writeFileSync(
			join(folder, "monitoring.yaml"),
			JSON.stringify({ endpoints }),
		);
		monitor = new MonitorProcess(folder, sendingTo(stack.urls.otlp));
		gateway = new InstrumentedServer(fixture("gateway.mjs"), {
			...sendingTo(stack.urls.otlp),
			OTEL_SERVICE_NAME: "gateway",
			BACKEND_URL: url,
		});
	}, 60_000);
	afterAll(async () => {
		await gateway?.kill();
		await monitor?.end();
		await stack?.end();
		await silent.close();
		removeFolder(folder);
	});

	test("is in the service graph by the name of the component, or of the host, also where nothing answers", async () => {
		await gateway.get("/");
		const edges = async () =>
			(await stack.query("traces_service_graph_request_total"))
				.map(({ labels }) => `${labels.client} → ${labels.server}`)
				.sort();
		await expect
			.poll(edges, { timeout: 60_000 })
			.toEqual([
				"adult-matching-monitoring → film_archive",
				"gateway → 127.0.0.1",
				"gateway → localhost",
				"user → gateway",
			]);
	}, 90_000);
});
