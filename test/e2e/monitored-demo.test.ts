import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Demo, startDemo } from "../../examples/demo.ts";
import {
	createUnifiedMonitor,
	type IntegrationMonitor,
	type SystemMonitor,
} from "../../src/index.ts";
import { freePort } from "../support/free-port.ts";
import {
	type HangingProxy,
	startHangingProxy,
} from "../support/hanging-proxy.ts";
import { sendingTo } from "../support/instrumented-server.ts";
import { statusOf, untilStates } from "../support/integration.ts";
import {
	cleanEnvironment,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";
import { OtlpReceiver } from "../support/otlp-receiver.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { sampleValue } from "../support/prometheus-text.ts";
import { waitFor } from "../support/wait-for.ts";

const token = "token-of-the-demo-in-this-test";
const folder = temporaryFolder();
const receiver = new OtlpReceiver();
let postgres: PostgresServer;
let proxy: HangingProxy;
let demo: Demo;
let system: SystemMonitor;
let monitor: IntegrationMonitor;
let environment: Record<string, string>;

/** The demo, watched as `npm start` does it, but every second. */
beforeAll(async () => {
	environment = {
		...sendingTo(await receiver.start()),
		HEARTBEAT_TOKEN: token,
	};
	postgres = await startPostgres();
	proxy = await startHangingProxy(postgres.port);
	const databaseUrl = postgres.url({ port: proxy.port });
	const port = await freePort();
	const heartbeat = { url: `http://127.0.0.1:${port}/heartbeats`, token };
	const jobs = { SYNC_INTERVAL: "5", RENEWAL_INTERVAL: "5" };
	demo = await startDemo({
		databaseUrl,
		environment: {
			...cleanEnvironment(),
			...environment,
			...jobs,
			RESTART_DELAY: "12",
		},
		heartbeat,
		log: { error: () => {} },
		output: () => {},
	});
	Object.assign(process.env, environment, { DATABASE_URL: databaseUrl });
	[system, monitor] = createUnifiedMonitor({
		...demo.config,
		flows: rareSync(demo.config.flows),
		heartbeats: soonOverdue(demo.config.heartbeats),
		check_interval: 1,
		prometheus_port: port,
		log_level: "silent",
		history: { path: join(folder, "history.sqlite") },
	});
	await Promise.all([
		system.startMonitoring(),
		monitor.startIntegrationMonitoring(),
	]);
});
afterAll(async () => {
	await Promise.all([system.stopMonitoring(), monitor.stopMonitoring()]);
	for (const name of [...Object.keys(environment), "DATABASE_URL"]) {
		delete process.env[name];
	}
	await demo.stop();
	proxy.cut();
	await proxy.close();
	await postgres.stop();
	await receiver.stop();
	removeFolder(folder);
});

/** Without the flow that syncs by itself, which would fail too while syncs are stopped. */
function rareSync({ data_sync_flow: sync, ...flows }: Demo["config"]["flows"]) {
	return {
		...flows,
		...(sync && { data_sync_flow: { ...sync, interval: 3600 } }),
	};
}

function soonOverdue(heartbeats: Demo["config"]["heartbeats"]) {
	return Object.fromEntries(
		Object.entries(heartbeats).map(([name, heartbeat]) => [
			name,
			typeof heartbeat === "number" ? heartbeat : { ...heartbeat, grace: 5 },
		]),
	);
}

async function untilAllHealthy(): Promise<void> {
	await waitFor(
		async () => (await monitor.getIntegrationHealth()).state === "healthy",
		60,
	);
}

function urlOf(name: string, path: string): URL {
	const probe = { ...demo.config.endpoints, ...demo.config.ml_endpoints }[name];
	return new URL(path, typeof probe === "string" ? probe : probe?.url);
}

async function ask(
	name: string,
	method: string,
	path: string,
	body?: object,
): Promise<void> {
	const { status } = await fetch(urlOf(name, path), {
		method,
		headers: { "content-type": "application/json" },
		body: body && JSON.stringify(body),
	});
	expect(status).toBeLessThan(300);
}

/** Names of all that was unhealthy at any time since. */
async function unhealthySince(time: number): Promise<string[]> {
	const { results } = await monitor.getIntegrationHistory(1);
	const names = results
		.filter(({ at, state }) => Date.parse(at) >= time && state === "unhealthy")
		.map(({ name }) => name);
	return [...new Set(names)].toSorted();
}

test("everything of the demo is healthy within a minute", async () => {
	await untilAllHealthy();
	const { groups } = await monitor.getIntegrationHealth();
	expect(
		groups.map(({ name, components }) => [name, components.length]),
	).toEqual([
		["database", 1],
		["edge_functions", 3],
		["backend_services", 2],
		["ml_pipeline", 3],
		["data_flows", 4],
		["e2e_flows", 3],
		["heartbeats", 3],
	]);
});

/** The spans of a trace that have arrived, from the first that is known down to a query. */
function pathToDatabase(traceId: string | undefined): string[] {
	const spans = receiver.spans.filter((span) => span.traceId === traceId);
	const path: string[] = [];
	let at = spans.find((span) => "db.query.text" in span.attributes);
	while (at) {
		path.unshift(`${at.service}: ${at.name.split(/[ :]/)[0]}`);
		const { parentSpanId } = at;
		at = spans.find(({ spanId }) => spanId === parentSpanId);
	}
	return path;
}

test("a probe's trace goes from the monitor through edge function and backend to Postgres", async () => {
	const { traceId } = await statusOf(monitor, "enhanced_recommendations");
	await expect
		.poll(() => pathToDatabase(traceId))
		.toEqual([
			"adult-matching-monitoring: probe",
			"enhanced_two_tower_recommendations: GET",
			"enhanced_two_tower_recommendations: generate_recommendations",
			"enhanced_two_tower_recommendations: POST",
			"inference: POST",
			"inference: pg.query",
		]);
});

test("the recommender and its data are measured", {
	timeout: 200_000,
}, async () => {
	const value = async (name: string, labels = {}) => {
		const text = await (await fetch(`${await monitor.url()}/metrics`)).text();
		return sampleValue(text, `adult_matching_${name}`, labels);
	};
	for (const name of [
		"ml_model_accuracy",
		"data_quality_score",
		"user_activity_rate",
		"recommendation_latency_seconds_count",
		"recommender_empty_share",
		"recommender_catalogue_coverage",
		"recommender_embedding_coverage",
		"recommender_model_age_seconds",
		"recommender_popularity_gini",
	]) {
		await waitFor(async () => (await value(name)) !== undefined, 90);
	}
	expect(await value("ml_model_accuracy")).toBeGreaterThan(0.5);
	expect(await value("recommender_embedding_coverage")).toBe(1);
	const flow = { flow: "recommendation_flow" };
	expect(await value("flow_step_success", flow)).toBe(1);
	const uptime = { component: "content_feed", window: "1h" };
	expect(await value("component_uptime_percent", uptime)).toBeGreaterThan(0);
});

interface FaultCase {
	readonly fault: string;
	readonly make: () => unknown;
	/** What is to be unhealthy, and nothing else. */
	readonly component: string;
	readonly unknown: readonly string[];
	readonly mend?: () => unknown;
}

const faults: FaultCase[] = [
	{
		fault: "a backend is killed",
		make: () =>
			execFileSync("pkill", [
				"-KILL",
				"-P",
				`${process.pid}`,
				"-f",
				"data-sync/server.ts",
			]),
		component: "data_sync",
		unknown: ["embedding_generation"],
	},
	{
		fault: "the model is unloaded",
		make: () => ask("model_inference", "DELETE", "/model"),
		component: "model_inference",
		unknown: ["enhanced_recommendations", "recommendation_flow"],
		mend: () => ask("model_inference", "PUT", "/model"),
	},
	{
		fault: "a backend answers 200 with {}",
		make: () => ask("data_sync", "POST", "/faults", { fault: "answer_empty" }),
		component: "data_sync",
		unknown: ["embedding_generation"],
		mend: () => ask("data_sync", "POST", "/faults", { fault: "none" }),
	},
	{
		fault: "the syncs are stopped",
		make: () => ask("data_sync", "POST", "/sync/pause"),
		component: "sync_job",
		unknown: [],
		mend: () => ask("data_sync", "POST", "/sync/resume"),
	},
	{
		fault: "Postgres hangs",
		make: () => proxy.hang(),
		component: "postgres",
		unknown: ["user_management", "content_feed", "dmm_sync_freshness"],
		mend: () => proxy.pass(),
	},
];

describe("when", () => {
	test.for(faults)(
		"$fault, that alone is unhealthy, what hangs on it unknown, and all recovers",
		{ timeout: 200_000 },
		async ({ make, component, unknown, mend }) => {
			await untilAllHealthy();
			const since = Date.now();
			await make();
			const hangingOn = unknown.map((name) => [name, "unknown"] as const);
			await untilStates(
				monitor,
				{ [component]: "unhealthy", ...Object.fromEntries(hangingOn) },
				120,
			);
			await mend?.();
			await untilAllHealthy();
			expect(await unhealthySince(since)).toEqual([component]);
		},
	);
});
