import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConfigInput, IntegrationMonitor } from "../../../src/index.ts";
import {
	AlertingStack,
	isAlertingMissing,
} from "../../support/alerts/alerting-stack.ts";
import { told } from "../../support/alerts/calm.ts";
import { proofs } from "../../support/alerts/proofs.ts";
import {
	type Certificates,
	makeCertificates,
} from "../../support/certificates.ts";
import { answering, statusOf, Watching } from "../../support/integration.ts";
import { waitFor } from "../../support/wait-for.ts";

const token = "token-of-the-jobs-in-this-test";
const knownAuthorities = getCACertificates("default");

/** What a watched service answers at present, and after how many milliseconds. */
interface Answer {
	status: number;
	body: object;
	delay: number;
}

let alerting: AlertingStack;
let certificates: Certificates;
let monitor: IntegrationMonitor;
let secure: Server;
const watching = new Watching();
const answers: Record<string, Answer> = {};

/** A service that answers well until its answer is changed; gives its address. */
async function service(name: string, body: object = {}): Promise<string> {
	const answer: Answer = { status: 200, body, delay: 0 };
	answers[name] = answer;
	return watching.serve(async (request, response) => {
		await sleep(answer.delay);
		answering(answer.status, answer.body)(request, response);
	});
}

function change(name: string, by: Partial<Answer>): void {
	const answer = answers[name];
	if (answer === undefined) throw new Error(`no service is named ${name}`);
	Object.assign(answer, by);
}

function hoursAgo(hours: number): string {
	return new Date(Date.now() - hours * 3_600_000).toISOString();
}

async function dataFlow(name: string) {
	const url = await service(name, { newest: hoursAgo(0) });
	return { max_age: 600, request: { url }, json: "$.newest" };
}

async function httpsServer(): Promise<Server> {
	const server = createServer(certificates.right, answering(200));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return server;
}

function httpsUrl(server: Server): string {
	const address = server.address();
	return `https://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

/** The next probe makes a connection of its own, and sees it. */
function show(certificate: Certificates["right"]): void {
	secure.setSecureContext(certificate);
	secure.closeAllConnections();
}

async function config(): Promise<ConfigInput> {
	return {
		check_interval: 1,
		failures_before_unhealthy: 2,
		// Milliseconds.
		alert_thresholds: {
			response_time_warning: 700,
			response_time_critical: 1500,
		},
		endpoints: {
			content_feed: `${await service("content_feed")}/functions/v1/content_feed`,
			data_sync: await service("data_sync"),
			user_management: await service("user_management"),
			ml_training: await service("ml_training"),
			seldom_down: await service("seldom_down"),
			often_down: await service("often_down"),
			with_certificate: httpsUrl(secure),
		},
		ml_endpoints: {
			model_inference: await service("model_inference", {
				model_loaded: true,
				memory_usage_percent: 10,
			}),
		},
		flows: {
			user_flow: {
				steps: [{ name: "ask", request: { url: await service("user_flow") } }],
			},
		},
		data_flow_checks: {
			source_freshness: await dataFlow("source_freshness"),
			sync_freshness: await dataFlow("sync_freshness"),
			cache_freshness: await dataFlow("cache_freshness"),
		},
		heartbeats: { nightly_sync: 3600 },
	};
}

beforeAll(async () => {
	if (isAlertingMissing) return;
	certificates = await makeCertificates();
	setDefaultCACertificates([...knownAuthorities, certificates.authority]);
	secure = await httpsServer();
	process.env.HEARTBEAT_TOKEN = token;
	alerting = await AlertingStack.start({
		// What a stopped monitor sent last is not taken for the present for minutes.
		prometheusFlags: ["--query.lookback-delta=10s"],
	});
	monitor = await watching.start(await config());
	await report("ok");
	await waitFor(
		async () => (await monitor.getIntegrationHealth()).state === "healthy",
	);
});
afterAll(async () => {
	if (isAlertingMissing) return;
	await watching.remove();
	await alerting.end();
	secure.closeAllConnections();
	secure.close();
	setDefaultCACertificates(knownAuthorities);
	delete process.env.HEARTBEAT_TOKEN;
});

async function report(state: string): Promise<void> {
	const response = await fetch(
		`${await monitor.url()}/heartbeats/nightly_sync?state=${state}`,
		{ method: "POST", headers: { authorization: `Bearer ${token}` } },
	);
	expect(response.status).toBe(204);
}

/** The trace that a message leads to is there, with the span of the failing run. */
async function leadsToTrace(text: string, span: string): Promise<void> {
	const [, id] = /%22query%22:%22([\da-f]{32})%22/.exec(text) ?? [];
	expect(id, text).toBeDefined();
	await waitFor(async () => {
		const spans = await alerting.stack.trace(id ?? "");
		return spans.some(({ name }) => name === span);
	});
}

function uptime(component: string): string {
	return `adult_matching_component_uptime_percent{window="24h",component="${component}"}`;
}

/** Waits until a component has so many checks that a few failures are a small share of them. */
async function manyChecks(component: string): Promise<void> {
	const count = `count_over_time(${uptime(component)}[5m])`;
	await waitFor(
		async () => ((await alerting.stack.value(count)) ?? 0) > 30,
		120,
	);
}

/** A service fails until its uptime is so low, and is well again then. */
async function failUntilUptime(name: string, percent: number): Promise<void> {
	change(name, { status: 500 });
	await waitFor(async () => {
		const value = await alerting.stack.value(uptime(name));
		return value !== undefined && value < percent;
	}, 60);
	change(name, { status: 200 });
}

describe.skipIf(isAlertingMissing)("a real fault of a component", () => {
	const { together, alone, allOnRecord } = proofs(
		"integration",
		() => alerting,
	);

	test("is told of nobody while all is well", async () => {
		// Longer than any of the conditions has to hold.
		expect(await told(alerting, 10)).toEqual([]);
	});

	// While all others are well: any of them would be told of in the same message.
	alone({
		alert: "ComponentUptimeLow",
		severity: "warning",
		component: "seldom_down",
		fault:
			"so many checks of a backend get 500 that its uptime falls under 94 %",
		before: () => manyChecks("seldom_down"),
		break: () => failUntilUptime("seldom_down", 94),
		repair: () => {},
	});
	alone({
		alert: "ComponentUptimeLow",
		severity: "critical",
		component: "often_down",
		fault:
			"so many checks of a backend get 500 that its uptime falls under 89 %",
		before: () => manyChecks("often_down"),
		break: () => failUntilUptime("often_down", 89),
		repair: () => {},
	});
	together({
		alert: "EdgeFunctionDown",
		severity: "critical",
		component: "content_feed",
		fault: "an edge function answers 500",
		break: () => change("content_feed", { status: 500 }),
		repair: () => change("content_feed", { status: 200 }),
	});
	together({
		alert: "BackendDown",
		severity: "critical",
		component: "data_sync",
		fault: "a backend answers 500",
		break: () => change("data_sync", { status: 500 }),
		repair: () => change("data_sync", { status: 200 }),
		seen: (text) => leadsToTrace(text, "probe data_sync"),
	});
	together({
		alert: "MlModelUnavailable",
		severity: "critical",
		component: "model_inference",
		fault: "the model is unloaded",
		break: () =>
			change("model_inference", {
				body: { model_loaded: false, memory_usage_percent: 10 },
			}),
		repair: () =>
			change("model_inference", {
				body: { model_loaded: true, memory_usage_percent: 10 },
			}),
	});
	together({
		alert: "FlowFailing",
		severity: "critical",
		component: "user_flow",
		fault: "a step of a flow gets 503",
		break: () => change("user_flow", { status: 503 }),
		repair: () => change("user_flow", { status: 200 }),
		seen: (text) => leadsToTrace(text, "flow user_flow"),
	});
	together({
		alert: "HeartbeatOverdue",
		severity: "warning",
		component: "nightly_sync",
		fault: "a job reports that it failed",
		break: () => report("fail"),
		repair: () => report("ok"),
	});
	together({
		alert: "ComponentDegraded",
		severity: "warning",
		component: "user_management",
		fault: "a backend answers 404 where 200 is expected",
		break: () => change("user_management", { status: 404 }),
		repair: () => change("user_management", { status: 200 }),
	});
	together({
		alert: "DataFlowStale",
		severity: "info",
		component: "source_freshness",
		fault: "the newest data is an hour old, where 10 minutes are allowed",
		break: () => change("source_freshness", { body: { newest: hoursAgo(1) } }),
		repair: () => change("source_freshness", { body: { newest: hoursAgo(0) } }),
	});
	together({
		alert: "DataFlowStopped",
		severity: "warning",
		component: "sync_freshness",
		fault: "the newest data is five hours old, where 10 minutes are allowed",
		break: () => change("sync_freshness", { body: { newest: hoursAgo(5) } }),
		repair: () => change("sync_freshness", { body: { newest: hoursAgo(0) } }),
	});
	together({
		alert: "DataFlowUnreadable",
		severity: "warning",
		component: "cache_freshness",
		fault: "what tells the age of data answers 503",
		break: () => change("cache_freshness", { status: 503 }),
		repair: () => change("cache_freshness", { status: 200 }),
	});
	together({
		alert: "ProbeSlow",
		severity: "warning",
		component: "ml_training",
		fault: "a backend answers after 0.9 s, where 0.7 are allowed",
		break: () => change("ml_training", { delay: 900 }),
		repair: () => change("ml_training", { delay: 0 }),
	});
	together({
		alert: "CertificateExpires",
		severity: "warning",
		component: "with_certificate",
		fault: "a server's chain has a certificate that ends in 5 days",
		break: () => show(certificates.soonEndingChain),
		repair: () => show(certificates.right),
	});
	alone({
		alert: "ProbeSlow",
		severity: "critical",
		component: "ml_training",
		fault: "a backend answers after 1.8 s, where 1.5 are allowed",
		break: () => change("ml_training", { delay: 1800 }),
		repair: () => change("ml_training", { delay: 0 }),
	});
	alone({
		alert: "CertificateExpires",
		severity: "critical",
		component: "with_certificate",
		fault: "a server shows a certificate that ends in 2 days",
		break: () => show(certificates.soonEnding),
		repair: () => show(certificates.right),
	});
	alone({
		alert: "ComponentUnknown",
		severity: "info",
		component: "orphan",
		fault: "nothing says where the age of a data flow can be read",
		break: async () => {
			await watching.stop();
			monitor = await watching.start({ data_flow_checks: { orphan: 600 } });
			expect((await statusOf(monitor, "orphan")).state).toBe("unknown");
		},
		repair: () => watching.stop(),
	});
	allOnRecord();
});
