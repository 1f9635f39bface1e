import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAlertingMissing } from "../../support/alerts/alerting-stack.ts";
import { told } from "../../support/alerts/calm.ts";
import { Pipeline } from "../../support/alerts/pipeline.ts";
import { proofs } from "../../support/alerts/proofs.ts";
import { Senders, sent } from "../../support/alerts/senders.ts";
import { waitFor } from "../../support/wait-for.ts";

let pipeline: Pipeline;
let senders: Senders;

beforeAll(async () => {
	if (isAlertingMissing) return;
	pipeline = await Pipeline.start();
	senders = await Senders.start(pipeline.alerting);
}, 120_000);
afterAll(async () => {
	await senders?.end();
	await pipeline?.end();
});

describe.skipIf(isAlertingMissing)("a real fault of the monitoring", () => {
	const { together, alone, allOnRecord } = proofs(
		"pipeline",
		() => pipeline.alerting,
	);
	const component = "pipeline";

	test("is told of nobody while all is well", {
		timeout: 150_000,
	}, async () => {
		expect(await told(pipeline.alerting, 10)).toEqual([]);
	});

	together({
		alert: "MonitorReadsFailing",
		severity: "warning",
		component,
		labels: { collector: "postgres" },
		fault:
			"the monitor's role in Postgres loses the right to read the statements",
		shown: { from: 1, to: 0 },
		break: () => senders.database.forbidStatements(),
		repair: () => senders.database.allowStatements(),
	});
	together({
		alert: "MetricsMissing",
		severity: "warning",
		source: "monitor",
		component,
		labels: { metric: sent.monitor },
		fault:
			"the monitor is started again with a configuration that lacks a measurement",
		shown: {
			panel: "/d/performance?viewPanel=panel-13",
			from: 0.9,
			to: "nothing",
		},
		break: () => senders.model.restartMonitor({ measurements: {} }),
		repair: () => senders.model.restartMonitor(),
	});
	together({
		alert: "MetricsMissing",
		severity: "warning",
		source: "backend",
		component,
		labels: { metric: sent.backend },
		fault: "a backend is killed",
		shown: {
			panel: "/d/performance?viewPanel=panel-4",
			labels: { job: "backend" },
			from: { under: 1 },
			to: "nothing",
		},
		break: () => senders.killBackend(),
		repair: () => senders.startBackend(),
	});
	together({
		alert: "MetricsMissing",
		severity: "warning",
		source: "edge",
		component,
		labels: { metric: sent.edge },
		fault: "the collector gets another token for edge functions than they have",
		shown: {
			panel: "/d/edge-functions?viewPanel=panel-4",
			from: { over: 0 },
			to: "nothing",
		},
		break: () => pipeline.changeEdgeToken(),
		repair: () => pipeline.restoreEdgeToken(),
	});
	together({
		alert: "ChecksStopped",
		severity: "critical",
		component,
		fault:
			"the only check of a monitor hangs for longer than 15 s, as its timeout allows",
		shown: { query: "B", from: { under: 15 }, to: { over: 15 } },
		break: () => senders.hangingCheck.hang(),
		repair: () => senders.hangingCheck.goOn(),
	});
	together({
		alert: "OtelCollectorDropping",
		severity: "critical",
		component,
		fault:
			"a process sends what it measured 13 hours ago, which Prometheus rejects",
		shown: { query: "E", from: 0, to: { over: 0 } },
		break: () => senders.sendOldSample(13),
		repair: () => {},
	});
	together({
		alert: "TempoDown",
		severity: "warning",
		component,
		fault: "what takes the traces is killed",
		shown: { from: 1, to: 0 },
		break: () => pipeline.tempo.kill(),
		repair: () => pipeline.tempo.start(),
	});
	together({
		alert: "TargetDown",
		severity: "warning",
		component,
		labels: { job: "grafana" },
		fault: "nothing listens any more where Grafana did",
		shown: { from: 1, to: 0 },
		break: () => pipeline.grafana.close(),
		repair: () => pipeline.grafana.open(),
	});
	together({
		alert: "PrometheusRulesFailing",
		severity: "critical",
		component,
		fault: "a rule is added that joins many series with many",
		shown: { from: "nothing", to: { over: 0 } },
		break: () => pipeline.failingRule.add(),
		repair: () => pipeline.failingRule.remove(),
	});
	together({
		alert: "PrometheusTsdbFailing",
		severity: "critical",
		component,
		fault: "a block of Prometheus' data has lost its index",
		shown: { query: "D", from: 0, to: { over: 0 } },
		break: () => pipeline.damagedBlock.add(),
		repair: () => pipeline.damagedBlock.remove(),
	});

	alone({
		alert: "OtelCollectorDown",
		severity: "critical",
		component,
		fault: "the collector is killed",
		shown: { from: 1, to: 0 },
		break: () => pipeline.collector.end("SIGKILL"),
		repair: () => pipeline.collector.start(),
	});
	alone({
		alert: "OtelCollectorQueueFilling",
		severity: "warning",
		component,
		fault: "Tempo is away until three fifths of the queue to it are full",
		shown: {
			labels: { data_type: "traces" },
			from: { under: 0.5 },
			to: { over: 0.5 },
		},
		break: () => pipeline.tempo.killUntilQueued(0.6),
		repair: () => pipeline.tempo.start(),
	});
	alone({
		alert: "OtelCollectorQueueFilling",
		severity: "critical",
		component,
		fault: "Tempo is away until the queue to it is full",
		shown: {
			labels: { data_type: "traces" },
			from: { under: 0.9 },
			to: { over: 0.9 },
		},
		break: () => pipeline.tempo.killUntilQueued(0.95),
		repair: () => pipeline.tempo.start(),
	});

	together({
		alert: "OtelCollectorRefusing",
		severity: "warning",
		component,
		fault: "spans are sent on while Tempo is away and the queue to it is full",
		shown: { from: 0, to: { over: 0 } },
		break: () => pipeline.tempo.killUntilRefused(),
		repair: () => pipeline.tempo.start(),
	});
	together({
		alert: "MonitorGone",
		severity: "critical",
		component,
		fault: "the last monitor is killed",
		shown: { from: { over: 0 }, to: 0 },
		before: async () => {
			await senders.database.endMonitor();
			await senders.hangingCheck.end();
		},
		break: () => senders.model.endMonitor(),
		repair: () => senders.model.startMonitor(),
	});

	alone({
		alert: "AlertmanagerNotDelivering",
		severity: "critical",
		component,
		fault:
			"Slack answers 404, as for an address that is revoked, while there is something to tell",
		shown: { query: "B", from: "nothing", to: { over: 0 } },
		break: async () => {
			pipeline.alerting.slack.status = 404;
			pipeline.grafana.close();
			await waitFor(() =>
				pipeline.alerting.isActive({ alertname: "AlertmanagerNotDelivering" }),
			);
			pipeline.alerting.slack.status = 200;
		},
		repair: () => pipeline.grafana.open(),
	});
	alone({
		alert: "PrometheusNotificationsFailing",
		severity: "critical",
		component,
		fault:
			"Alertmanager is away until Prometheus has failed to hand over alerts",
		shown: { query: "C", from: 0, to: { over: 0 } },
		break: async () => {
			await pipeline.alertmanager.end("SIGKILL");
			await waitFor(() =>
				pipeline.alerting.isFiring({
					alertname: "PrometheusNotificationsFailing",
				}),
			);
			await pipeline.alertmanager.start();
		},
		repair: () => {},
	});
	alone({
		alert: "AlertmanagerDown",
		severity: "critical",
		component,
		fault: "Alertmanager is killed",
		untold:
			"nothing delivers while Alertmanager is away; Prometheus shows it, and what watches for Watchdog outside tells",
		shown: { from: 1, to: 0 },
		break: () => pipeline.alertmanager.end("SIGKILL"),
		repair: () => pipeline.alertmanager.start(),
	});
	alone({
		alert: "Watchdog",
		severity: "info",
		component,
		fault:
			"none: it is there when Prometheus starts, and over when that is killed",
		shown: "a Prometheus that is away shows nothing",
		before: async () => {
			await pipeline.prometheus.end("SIGKILL");
			await waitFor(
				async () =>
					!(await pipeline.alerting.isActive({ alertname: "Watchdog" })),
			);
		},
		break: () => pipeline.prometheus.start(),
		repair: () => pipeline.prometheus.end("SIGKILL"),
	});
	allOnRecord();
});
