import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerTo, type Samples } from "../support/dashboards/answer.ts";
import {
	dashboards,
	queriesOf,
} from "../support/dashboards/dashboard-files.ts";
import { fillIn, timeRanges } from "../support/dashboards/fill-in.ts";
import { removeFolder, temporaryFolder } from "../support/monitor-process.ts";
import { program } from "../support/program.ts";

const promtool = program("promtool");

let folder: string;
beforeAll(() => {
	folder = temporaryFolder();
});
afterAll(() => removeFolder(folder));

interface Asked {
	readonly uid: string;
	readonly panel: number;
	/** The query's letter; "A" if it is not said. */
	readonly refId?: string;
	readonly environment?: string;
	readonly series: Samples;
	readonly expected: Samples;
}

/** What Prometheus answers to a panel's query, where nothing but the environment is chosen. */
function answer(asked: Asked): string {
	const { uid, panel, refId = "A", environment = ".*" } = asked;
	const found = dashboards
		.filter((dashboard) => dashboard.uid === uid)
		.flatMap(queriesOf)
		.find((query) => query.panel === panel && query.refId === refId);
	const [range] = timeRanges;
	if (!found || !range) throw new Error(`no query ${refId} of ${uid} ${panel}`);
	const all = { environment, service: ".*", endpoint: ".*", function: ".*" };
	const { series, expected } = asked;
	const query = fillIn(found.expr, range, all, found.leastStep);
	return answerTo(promtool.path, folder, query, series, expected);
}

const watchdog = { 'ALERTS{alertname="Watchdog",alertstate="firing"}': 1 };

/** An alert that fires, with labels as PromQL writes them. */
function alert(name: string, severity: string, labels: string): Samples {
	const own = `alertname="${name}",alertstate="firing",severity="${severity}"`;
	return { [`ALERTS{${own},${labels}}`]: 1 };
}

describe.skipIf(promtool.isMissing)("a panel", () => {
	test("has each component that is not well, with the trace of its check if there is one", () => {
		const state = (component: string, name: string) => ({
			[`adult_matching_component_state{${component},state="${name}"}`]: 1,
		});
		const job = 'component="sync_job",group="heartbeats"';
		const backend = 'component="films",group="backend_services"';
		expect(
			answer({
				uid: "integration",
				panel: 5,
				series: {
					...state(job, "unhealthy"),
					...state(backend, "degraded"),
					[`adult_matching_component_failure{${backend},trace_id="0af7"}`]: 1,
					...state('component="games",group="backend_services"', "healthy"),
					...state('component="music",group="e2e_flows"', "unknown"),
				},
				expected: {
					[`{${job}}`]: 3,
					[`{${backend},trace_id="0af7"}`]: 2,
					'{component="music",group="e2e_flows"}': 1,
				},
			}),
		).toContain("SUCCESS");
	});

	test.each([
		["none, if the rules are evaluated", watchdog, { "{}": 0 }],
		["nothing, if they are not", {}, {}],
		[
			"those of the chosen environment, and of none",
			{
				...watchdog,
				...alert("A", "critical", 'deployment_environment_name="production"'),
				...alert("B", "critical", 'deployment_environment_name="staging"'),
				...alert("C", "critical", 'component="pipeline"'),
				...alert("D", "warning", 'component="pipeline"'),
			},
			{ "{}": 2 },
		],
	])("counts alerts: %s", (_, series, expected) => {
		const environment = "production";
		const asked = { uid: "system-overview", panel: 2, environment };
		expect(answer({ ...asked, series, expected })).toContain("SUCCESS");
	});

	test("has the alerts that it is about, and those that say that nothing is known, each with its rank", () => {
		const machine = 'job="adult-matching-monitoring",host_name="db-1"';
		const ofDatabase = `component="database",${machine}`;
		const ofPipeline = `component="pipeline",${machine}`;
		// Between labels that an alert does not have.
		const about = `about="${" ".repeat(6)}db-1${" ".repeat(9)}"`;
		expect(
			answer({
				uid: "database",
				panel: 2,
				series: {
					...alert("DatabaseDown", "critical", ofDatabase),
					...alert("DatabaseWasDown", "info", ofDatabase),
					...alert("MonitorGone", "critical", ofPipeline),
					...alert("TempoDown", "warning", ofPipeline),
				},
				expected: {
					[`{${about},alertname="DatabaseDown",rank="0"}`]: 1,
					[`{${about},alertname="DatabaseWasDown",rank="2"}`]: 1,
					[`{${about},alertname="MonitorGone",rank="0"}`]: 1,
				},
			}),
		).toContain("SUCCESS");
	});

	const limit = (signal: string, environment: string) =>
		`adult_matching_alert_threshold{signal="${signal}",severity="warning",deployment_environment_name="${environment}"}`;
	const requests = 'job="films",endpoint="/"';

	test("does not call a duration fine of which nothing is measured", () => {
		const bucket = `adult_matching_request_duration_seconds_bucket{${requests}`;
		expect(
			answer({
				uid: "performance",
				panel: 1,
				refId: "C",
				series: {
					[`${bucket},le="1"}`]: 7,
					[`${bucket},le="+Inf"}`]: 7,
					[limit("response_time", "production")]: 2000,
				},
				expected: {},
			}),
		).toContain("SUCCESS");
	});

	test.each([
		[
			"the strictest of all, as the alert takes it, beside requests",
			{ [`job_endpoint:adult_matching_requests:rate2m{${requests}}`]: 3 },
			{ "{}": 5 },
		],
		["none where there are no requests", {}, {}],
	])("draws a limit: %s", (_, series, expected) => {
		expect(
			answer({
				uid: "performance",
				panel: 5,
				refId: "warning",
				environment: "|production",
				series: {
					...series,
					[limit("error_rate", "production")]: 10,
					[limit("error_rate", "staging")]: 5,
				},
				expected,
			}),
		).toContain("SUCCESS");
	});
});
