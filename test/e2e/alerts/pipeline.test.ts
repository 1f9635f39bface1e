import { rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Part } from "../../../scripts/stack/part.ts";
import type { ConfigInput } from "../../../src/index.ts";
import {
	AlertingStack,
	isAlertingMissing,
} from "../../support/alerts/alerting-stack.ts";
import { anyMachine } from "../../support/alerts/any-machine.ts";
import { told } from "../../support/alerts/calm.ts";
import { DamagedBlock } from "../../support/alerts/damaged-block.ts";
import { EdgeFunction } from "../../support/alerts/edge-function.ts";
import { GrafanaPlace } from "../../support/alerts/grafana-place.ts";
import { HangingCheck } from "../../support/alerts/hanging-check.ts";
import { proofs } from "../../support/alerts/proofs.ts";
import { SendingMonitor } from "../../support/alerts/sending-monitor.ts";
import { TempoQueue } from "../../support/alerts/tempo-queue.ts";
import {
	fixture,
	InstrumentedServer,
} from "../../support/instrumented-server.ts";
import { answering, Watching } from "../../support/integration.ts";
import {
	type PostgresServer,
	password,
	startPostgres,
} from "../../support/postgres.ts";
import { cumulativeCount } from "../../support/stack/requests.ts";
import { waitFor } from "../../support/wait-for.ts";

/** Prometheus' own times, scaled as those of the rules are. */
const prometheusFlags = [
	"--query.lookback-delta=10s",
	"--rules.alert.resend-delay=2s",
	"--storage.tsdb.block-reload-interval=1s",
];
const accuracy = "adult_matching_ml_model_accuracy";
const backendRequests = "adult_matching_requests_total";
const edgeRequests = "adult_matching_edge_requests_total";
const statements = "EXECUTE ON FUNCTION pg_stat_statements(boolean)";
const failingRule = `groups:
  - name: of_a_user
    rules:
      - record: up_of_up
        expr: up / on () up
`;

let alerting: AlertingStack;
let queue: TempoQueue;
let database: PostgresServer;
let backend: InstrumentedServer;
let edgeFunction: EdgeFunction;
let grafana: GrafanaPlace;
let damagedBlock: DamagedBlock;
let databaseMonitor: SendingMonitor;
/** Watches an edge function, and asks a service for the model's accuracy. */
let serviceMonitor: SendingMonitor;
const hangingCheck = new HangingCheck();
const services = new Watching();

function part(
	name: "sink" | "collector" | "prometheus" | "alertmanager",
): Part {
	const found = alerting.stack.programs[name];
	if (found === undefined) throw new Error(`there is no ${name}`);
	return found;
}

async function startDatabase(): Promise<void> {
	database = await startPostgres();
	await administer("CREATE EXTENSION pg_stat_statements");
	await administer(
		`CREATE ROLE monitor LOGIN PASSWORD '${password}' IN ROLE pg_monitor`,
	);
}

async function administer(sql: string): Promise<void> {
	const client = await database.connect();
	await client.query(sql);
}

function startMonitor(config: ConfigInput = {}): Promise<SendingMonitor> {
	const url = database.url({ user: "monitor" });
	return SendingMonitor.start(
		alerting,
		{ alert_thresholds: anyMachine, ...config },
		{ environment: { DATABASE_URL: url } },
	);
}

async function startServiceMonitor(isToMeasure: boolean): Promise<void> {
	const url = await services.serve(answering(200, { accuracy: 0.9 }));
	const request = { url };
	serviceMonitor = await startMonitor({
		endpoints: { shop: `${url}/functions/v1/shop` },
		measurements: isToMeasure
			? { ml_model_accuracy: { request, json: "$.accuracy" } }
			: {},
	});
}

async function startBackend(): Promise<void> {
	backend = new InstrumentedServer(fixture("hono-tiny.mjs"), {
		...alerting.environment,
		OTEL_SERVICE_NAME: "backend",
	});
	await backend.get("/");
}

function reloadPrometheus(): void {
	const { pid } = part("prometheus");
	if (pid !== undefined) process.kill(pid, "SIGHUP");
}

/** What it is sent now was measured longer ago than what Prometheus takes. */
async function sendOldSample(): Promise<void> {
	const time = Date.now() - 13 * 3_600_000;
	const response = await fetch(`${alerting.stack.urls.otlp}/v1/metrics`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: cumulativeCount("old_total", 1, time - 1000, time),
	});
	expect(response.status).toBe(200);
}

function changeEdgeToken(token: string): void {
	writeFileSync(alerting.stack.path("edge-token"), token);
}

async function isThere(metric: string): Promise<void> {
	await waitFor(
		async () => (await alerting.stack.query(metric)).length > 0,
		60,
	);
}

describe.skipIf(isAlertingMissing)("a real fault of the monitoring", () => {
	const { together, alone, allOnRecord } = proofs("pipeline", () => alerting);

	beforeAll(async () => {
		grafana = await GrafanaPlace.start();
		alerting = await AlertingStack.start(
			{ prometheusFlags, environment: { QUEUE_BYTES: "2000000" } },
			(folder) => grafana.prepare(folder),
		);
		queue = new TempoQueue(alerting.stack);
		edgeFunction = new EdgeFunction(alerting);
		await Promise.all([startDatabase(), hangingCheck.start(), startBackend()]);
		databaseMonitor = await startMonitor();
		await startServiceMonitor(true);
		await Promise.all([accuracy, backendRequests, edgeRequests].map(isThere));
	}, 120_000);
	afterAll(async () => {
		await databaseMonitor?.end();
		await serviceMonitor?.end();
		await hangingCheck.end();
		await services.remove();
		await backend?.kill();
		await edgeFunction?.end();
		await database?.stop();
		await alerting?.end();
		grafana?.close();
	});

	test("is told of nobody while all is well", {
		timeout: 120_000,
	}, async () => {
		expect(await told(alerting, 10)).toEqual([]);
	});

	together({
		alert: "MonitorReadsFailing",
		severity: "warning",
		component: "pipeline",
		labels: { collector: "postgres" },
		fault:
			"the monitor's role in Postgres loses the right to read the statements",
		shown: { from: 1, to: 0 },
		break: () => administer(`REVOKE ${statements} FROM PUBLIC`),
		repair: () => administer(`GRANT ${statements} TO PUBLIC`),
	});
	together({
		alert: "MetricsMissing",
		severity: "warning",
		source: "monitor",
		component: "pipeline",
		labels: { metric: accuracy },
		fault:
			"the monitor is started again with a configuration that lacks a measurement",
		shown: {
			panel: "/d/performance?viewPanel=panel-13",
			from: 0.9,
			to: "nothing",
		},
		break: async () => {
			await serviceMonitor.end();
			await startServiceMonitor(false);
		},
		repair: async () => {
			await serviceMonitor.end();
			await startServiceMonitor(true);
		},
	});
	together({
		alert: "MetricsMissing",
		severity: "warning",
		source: "backend",
		component: "pipeline",
		labels: { metric: backendRequests },
		fault: "a backend is killed",
		shown: {
			panel: "/d/performance?viewPanel=panel-4",
			labels: { job: "backend" },
			from: { under: 1 },
			to: "nothing",
		},
		break: () => backend.kill(),
		repair: startBackend,
	});
	together({
		alert: "MetricsMissing",
		severity: "warning",
		source: "edge",
		component: "pipeline",
		labels: { metric: edgeRequests },
		fault: "the collector gets another token for edge functions than they have",
		shown: {
			panel: "/d/edge-functions?viewPanel=panel-4",
			from: { over: 0 },
			to: "nothing",
		},
		break: () => changeEdgeToken("another-token-0123456789"),
		repair: () => changeEdgeToken(alerting.stack.programs.edgeToken),
	});
	together({
		alert: "ChecksStopped",
		severity: "critical",
		component: "pipeline",
		fault:
			"the only check of a monitor hangs for longer than 15 s, as its timeout allows",
		shown: { query: "B", from: { under: 15 }, to: { over: 15 } },
		break: () => hangingCheck.hang(),
		repair: () => hangingCheck.goOn(),
	});
	together({
		alert: "OtelCollectorDropping",
		severity: "critical",
		component: "pipeline",
		fault:
			"a process sends what it measured 13 hours ago, which Prometheus rejects",
		shown: { query: "E", from: 0, to: { over: 0 } },
		break: sendOldSample,
		repair: () => {},
	});
	together({
		alert: "TempoDown",
		severity: "warning",
		component: "pipeline",
		fault: "what takes the traces is killed",
		shown: { from: 1, to: 0 },
		break: () => part("sink").end("SIGKILL"),
		repair: () => part("sink").start(),
	});
	together({
		alert: "TargetDown",
		severity: "warning",
		component: "pipeline",
		labels: { job: "grafana" },
		fault: "nothing listens any more where Grafana did",
		shown: { from: 1, to: 0 },
		break: () => grafana.close(),
		repair: () => grafana.open(),
	});
	together({
		alert: "PrometheusRulesFailing",
		severity: "critical",
		component: "pipeline",
		fault: "a rule is added that joins many series with many",
		shown: { from: "nothing", to: { over: 0 } },
		break: () => {
			writeFileSync(alerting.stack.path("rules", "user.yaml"), failingRule);
			reloadPrometheus();
		},
		repair: () => {
			rmSync(alerting.stack.path("rules", "user.yaml"));
			reloadPrometheus();
		},
	});
	together({
		alert: "PrometheusTsdbFailing",
		severity: "critical",
		component: "pipeline",
		fault: "a block of Prometheus' data has lost its index",
		shown: { query: "D", from: 0, to: { over: 0 } },
		break: () => {
			damagedBlock = new DamagedBlock(alerting.stack.path("prometheus"));
		},
		repair: () => damagedBlock.remove(),
	});

	alone({
		alert: "OtelCollectorDown",
		severity: "critical",
		component: "pipeline",
		fault: "the collector is killed",
		shown: { from: 1, to: 0 },
		break: () => part("collector").end("SIGKILL"),
		repair: () => part("collector").start(),
	});
	alone({
		alert: "OtelCollectorQueueFilling",
		severity: "warning",
		component: "pipeline",
		fault: "Tempo is away until three fifths of the queue to it are full",
		shown: {
			labels: { data_type: "traces" },
			from: { under: 0.5 },
			to: { over: 0.5 },
		},
		break: async () => {
			await part("sink").end("SIGKILL");
			await queue.fill(0.6);
		},
		repair: () => part("sink").start(),
	});
	alone({
		alert: "OtelCollectorQueueFilling",
		severity: "critical",
		component: "pipeline",
		fault: "Tempo is away until the queue to it is full",
		shown: {
			labels: { data_type: "traces" },
			from: { under: 0.9 },
			to: { over: 0.9 },
		},
		break: async () => {
			await part("sink").end("SIGKILL");
			await queue.fill(0.95);
		},
		repair: () => part("sink").start(),
	});

	together({
		alert: "OtelCollectorRefusing",
		severity: "warning",
		component: "pipeline",
		fault: "spans are sent on while Tempo is away and the queue to it is full",
		shown: { from: 0, to: { over: 0 } },
		break: async () => {
			await part("sink").end("SIGKILL");
			await queue.overfill();
		},
		repair: () => part("sink").start(),
	});
	together({
		alert: "MonitorGone",
		severity: "critical",
		component: "pipeline",
		fault: "the last monitor is killed",
		shown: { from: { over: 0 }, to: 0 },
		before: async () => {
			await databaseMonitor.end();
			await hangingCheck.end();
		},
		break: () => serviceMonitor.end(),
		repair: () => startServiceMonitor(true),
	});

	alone({
		alert: "AlertmanagerNotDelivering",
		severity: "critical",
		component: "pipeline",
		fault:
			"Slack answers 404, as for an address that is revoked, while there is something to tell",
		shown: { query: "B", from: "nothing", to: { over: 0 } },
		break: async () => {
			alerting.slack.status = 404;
			grafana.close();
			await waitFor(() =>
				alerting.isActive({ alertname: "AlertmanagerNotDelivering" }),
			);
			alerting.slack.status = 200;
		},
		repair: () => grafana.open(),
	});
	alone({
		alert: "PrometheusNotificationsFailing",
		severity: "critical",
		component: "pipeline",
		fault:
			"Alertmanager is away until Prometheus has failed to hand over alerts",
		shown: { query: "C", from: 0, to: { over: 0 } },
		break: async () => {
			await part("alertmanager").end("SIGKILL");
			await waitFor(() =>
				alerting.isFiring({ alertname: "PrometheusNotificationsFailing" }),
			);
			await part("alertmanager").start();
		},
		repair: () => {},
	});
	alone({
		alert: "AlertmanagerDown",
		severity: "critical",
		component: "pipeline",
		fault: "Alertmanager is killed",
		untold:
			"nothing delivers while Alertmanager is away; Prometheus shows it, and what watches for Watchdog outside tells",
		shown: { from: 1, to: 0 },
		break: () => part("alertmanager").end("SIGKILL"),
		repair: () => part("alertmanager").start(),
	});
	alone({
		alert: "Watchdog",
		severity: "info",
		component: "pipeline",
		fault:
			"none: it is there when Prometheus starts, and over when that is killed",
		shown: "a Prometheus that is away shows nothing",
		before: async () => {
			await part("prometheus").end("SIGKILL");
			await waitFor(
				async () => !(await alerting.isActive({ alertname: "Watchdog" })),
			);
		},
		break: () => part("prometheus").start(),
		repair: () => part("prometheus").end("SIGKILL"),
	});
	allOnRecord();
});
