import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Stack } from "../../scripts/stack/stack.ts";
import {
	createIntegrationMonitor,
	type IntegrationMonitor,
} from "../../src/index.ts";
import { answering } from "../support/integration.ts";
import { removeFolder, temporaryFolder } from "../support/monitor-process.ts";
import { program } from "../support/program.ts";
import { isStackMissing } from "../support/stack.ts";
import { waitFor } from "../support/wait-for.ts";

const isMissing = isStackMissing || program("alertmanager").isMissing;
const rules = fileURLToPath(new URL("../../prometheus/rules", import.meta.url));
const token = "token-of-the-jobs-in-this-test";

const message = z.object({
	attachments: z.tuple([z.object({ title: z.string(), text: z.string() })]),
});
const trace = z.object({ spans: z.array(z.object({ name: z.string() })) });

const folder = temporaryFolder();
const servers: Server[] = [];
const messages: { title: string; text: string }[] = [];
const environment: Record<string, string> = {};
let stack: Stack;
let monitor: IntegrationMonitor;
/** What the watched services answer: what the test says. */
let status = 200;
let model: object = { model_loaded: true, memory_usage_percent: 10 };

async function serve(listener: RequestListener): Promise<string> {
	const server = createServer(listener).listen(0, "127.0.0.1");
	servers.push(server);
	await once(server, "listening");
	const address = server.address();
	return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

/** Changes a file of the stack's folder, before it is read. */
function change(name: string, by: (content: string) => string): void {
	const path = join(folder, name);
	writeFileSync(path, by(readFileSync(path, "utf8")));
}

/** The project's rules with time scaled: what is said of minutes holds for seconds, and nothing else differs. */
function scaledRules(): string {
	const scaled = join(folder, "rules");
	mkdirSync(scaled);
	for (const name of readdirSync(rules)) {
		const content = readFileSync(join(rules, name), "utf8")
			.replaceAll(/^(\s+(?:for|keep_firing_for)): \d+[mhd]$/gm, "$1: 2s")
			.replaceAll(
				"adult_matching_monitor_info[2m]",
				"adult_matching_monitor_info[10s]",
			);
		writeFileSync(join(scaled, name), content);
	}
	return scaled;
}

async function startStack(webhook: string): Promise<void> {
	process.env.ALERT_WEBHOOK_URL = webhook;
	stack = await Stack.create({ folder, usualPorts: false });
	const scaled = scaledRules();
	change("prometheus.yml", (content) =>
		content
			.replaceAll("_interval: 15s", "_interval: 1s")
			.replaceAll(rules, scaled),
	);
	change("alertmanager.yml", (content) =>
		content.replaceAll(/group_(wait|interval): .*/g, "group_$1: 1s"),
	);
	await stack.start();
}

beforeAll(async () => {
	if (isMissing) return;
	const webhook = await serve(async (request, response) => {
		messages.push(
			message.parse(JSON.parse(await text(request))).attachments[0],
		);
		response.end("ok");
	});
	await startStack(webhook);
	Object.assign(environment, {
		OTEL_EXPORTER_OTLP_ENDPOINT: stack.urls.otlp,
		OTEL_METRIC_EXPORT_INTERVAL: "1000",
		OTEL_BSP_SCHEDULE_DELAY: "200",
		HEARTBEAT_TOKEN: token,
	});
	Object.assign(process.env, environment);
	const url = await serve((request, response) =>
		answering(status)(request, response),
	);
	monitor = createIntegrationMonitor({
		prometheus_port: 0,
		check_interval: 1,
		log_level: "silent",
		history: { path: join(folder, "history.sqlite") },
		endpoints: {
			content_feed: `${url}/functions/v1/content_feed`,
			data_sync: url,
		},
		ml_endpoints: {
			model_inference: await serve((request, response) =>
				answering(200, model)(request, response),
			),
		},
		flows: { user_flow: { steps: [{ name: "ask", request: { url } }] } },
		heartbeats: { nightly_sync: 3600 },
	});
	await monitor.startIntegrationMonitoring();
});
afterAll(async () => {
	if (isMissing) return;
	await monitor.stopMonitoring();
	for (const name of [...Object.keys(environment), "ALERT_WEBHOOK_URL"]) {
		delete process.env[name];
	}
	await stack.end("SIGKILL");
	for (const server of servers) {
		server.closeAllConnections();
		server.close();
	}
	removeFolder(folder);
});

async function report(state: string): Promise<void> {
	const response = await fetch(
		`${await monitor.url()}/heartbeats/nightly_sync?state=${state}`,
		{ method: "POST", headers: { authorization: `Bearer ${token}` } },
	);
	expect(response.status).toBe(204);
}

function titled(title: string) {
	return waitFor(() => messages.find((each) => each.title === title), 90);
}

describe.skipIf(isMissing)("a real fault", () => {
	const faults = [
		":red_circle: Critical: EdgeFunctionDown (content_feed)",
		":red_circle: Critical: BackendDown (data_sync)",
		":red_circle: Critical: MlModelUnavailable (model_inference)",
		":red_circle: Critical: FlowFailing (user_flow)",
		":large_yellow_circle: Warning: HeartbeatOverdue (nightly_sync)",
	];

	test("is no message while all is well", async () => {
		await report("ok");
		await waitFor(
			async () => (await monitor.getIntegrationHealth()).state === "healthy",
		);
		// As long as the alerts below take to come.
		await new Promise((resolve) => setTimeout(resolve, 12_000));
		const about = (part: string) =>
			messages.some(({ title }) => title.includes(part));
		for (const name of faults)
			expect(about(name.split(" ")[2] ?? "")).toBe(false);
	});

	test("becomes a message in Slack that leads to the trace of the failing run, and another one when it is over", {
		timeout: 240_000,
	}, async () => {
		status = 500;
		model = { model_loaded: false, memory_usage_percent: 10 };
		await report("fail");
		for (const title of faults) await titled(title);

		const { text: told } = await titled(faults[1] ?? "");
		const [, traceId] = /%22query%22:%22([\da-f]{32})%22/.exec(told) ?? [];
		expect(traceId, told).toBeDefined();
		await waitFor(async () => {
			const at = `${stack.urls.sink}/api/v2/traces/${traceId}`;
			const found = trace.safeParse(await (await fetch(at)).json());
			const spans = found.data?.spans ?? [];
			return spans.some(({ name }) => name === "probe data_sync");
		});

		status = 200;
		model = { model_loaded: true, memory_usage_percent: 10 };
		await report("ok");
		for (const title of faults) {
			const what = title.split(": ").at(-1);
			await titled(`:white_check_mark: Resolved: ${what}`);
		}
	});

	test("of the monitor itself is told by what it no longer sends", {
		timeout: 240_000,
	}, async () => {
		await monitor.stopMonitoring();
		await titled(":red_circle: Critical: MonitorGone (pipeline)");
	});
});
