import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	AlertingStack,
	isAlertingMissing,
} from "../../support/alerts/alerting-stack.ts";
import { titlesSince, told } from "../../support/alerts/calm.ts";
import { inOrder, scaledRules } from "../../support/alerts/scaled-rules.ts";
import { SendingMonitor } from "../../support/alerts/sending-monitor.ts";
import { makeStandInProc } from "../../support/alerts/stand-in-proc.ts";
import { startTestDemo, type TestDemo } from "../../support/demo.ts";
import { freePort } from "../../support/free-port.ts";
import { LeashedProcess } from "../../support/leashed-process.ts";
import {
	removeFolder,
	temporaryFolder,
} from "../../support/monitor-process.ts";
import { waitFor } from "../../support/wait-for.ts";
import { ruleFolder } from "../../unit/alerts/alert-files.ts";

const token = "token-of-the-jobs-in-this-test";
const visitors = fileURLToPath(
	new URL("../../../examples/traffic.ts", import.meta.url),
);
/** Seconds in which every alert has fired that is to: as long as any condition has to hold, and some more. */
const quarterOfAnHour = 55;

const folder = temporaryFolder();
const proc = join(folder, "proc");

let alerting: AlertingStack;
let demo: TestDemo;
let monitor: SendingMonitor;
let traffic: LeashedProcess;

/** Makes rules fire in the order in which they do in production. */
function keepOrder(folder: string): void {
	for (const name of readdirSync(ruleFolder)) {
		const rules = readFileSync(join(ruleFolder, name), "utf8");
		writeFileSync(join(folder, "rules", name), scaledRules(rules, inOrder));
	}
}

beforeAll(async () => {
	if (isAlertingMissing) return;
	// Five minutes, scaled as the rules are.
	const prometheusFlags = ["--query.lookback-delta=15s"];
	alerting = await AlertingStack.start({ prometheusFlags }, keepOrder);
	makeStandInProc(proc);
	const port = await freePort();
	demo = await startTestDemo(
		{ ...alerting.environment, SYNC_INTERVAL: "5", RENEWAL_INTERVAL: "5" },
		{ url: `http://127.0.0.1:${port}/heartbeats`, token },
	);
	const config = {
		...demo.demo.config,
		prometheus_port: port,
		check_interval: 2,
		// The share of a day that is up, of which here are minutes.
		alert_thresholds: { uptime_warning: 1, uptime_critical: 0 },
	};
	const environment = {
		DATABASE_URL: demo.postgres.url(),
		HEARTBEAT_TOKEN: token,
		HOST_PROC: proc,
	};
	monitor = await SendingMonitor.start(alerting, config, { environment });
	const url = new URL(demo.url("content_feed")).origin;
	traffic = new LeashedProcess([process.execPath, visitors, "--url", url]);
}, 180_000);
afterAll(async () => {
	if (isAlertingMissing) return;
	await traffic.kill();
	await monitor.end();
	await demo.stop();
	await alerting.end();
	removeFolder(folder);
}, 60_000);

/** The names of all alerts that fire, held back or not. */
async function firing(): Promise<(string | undefined)[]> {
	const alerts = await alerting.stack.query('ALERTS{alertstate="firing"}');
	return alerts.map(({ labels }) => labels.alertname);
}

/** When Prometheus last saw an alert fire, in milliseconds since 1970. */
async function lastFiring(name: string): Promise<number> {
	const seen = `timestamp(ALERTS{alertname="${name}",alertstate="firing"})`;
	const last = `max(max_over_time(${seen}[5m:1s]))`;
	return 1000 * ((await alerting.stack.value(last)) ?? Number.NaN);
}

describe.skipIf(isAlertingMissing)("the demo under traffic", () => {
	test("that is healthy tells nobody", { timeout: 240_000 }, async () => {
		// Some find a value only after as much traffic as comes in most of the scaled quarter of an hour.
		const measured = "min(adult_matching_measurement_success)";
		await waitFor(
			async () => (await alerting.stack.value(measured)) === 1,
			120,
		);
		expect(await told(alerting, quarterOfAnHour)).toEqual([]);
	});

	test("whose Postgres is killed tells of that, and of nothing else", {
		timeout: 240_000,
	}, async () => {
		const killed = Date.now();
		await demo.postgres.kill();
		const telling = () => titlesSince(alerting, killed);
		await waitFor(() => telling().length > 0, 60);
		await sleep(quarterOfAnHour * 1000);
		expect(telling()).toEqual([
			":red_circle: Critical: DatabaseDown (database)",
		]);
		// Not for want of errors.
		expect(await firing()).toEqual(
			expect.arrayContaining(["ApiErrorRate", "EdgeErrorRate"]),
		);
	});

	test("tells that it is over when Postgres is back, and of nothing else", {
		timeout: 300_000,
	}, async () => {
		const restarted = Date.now();
		await demo.postgres.restart();
		await waitFor(
			async () => !(await alerting.isFiring({ alertname: "DatabaseWasDown" })),
			180,
		);
		const held = await lastFiring("DatabaseWasDown");
		// Then it may be told, rightly, that the outage has used up what three days allow: here they are seconds.
		const titles = alerting.slack.messages
			.filter(({ at }) => at >= restarted && at <= held)
			.map(({ title }) => title);
		expect(titles).toEqual([
			":white_check_mark: Resolved: DatabaseDown (database)",
		]);
	});
});
