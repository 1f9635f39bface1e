import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	AlertingStack,
	isAlertingMissing,
} from "../../support/alerts/alerting-stack.ts";
import { anyMachine } from "../../support/alerts/any-machine.ts";
import { told } from "../../support/alerts/calm.ts";
import { EdgeFunction } from "../../support/alerts/edge-function.ts";
import { withLateTicks } from "../../support/alerts/scaled-rules.ts";
import {
	fixture,
	InstrumentedServer,
} from "../../support/instrumented-server.ts";
import {
	MonitorProcess,
	removeFolder,
	temporaryFolder,
} from "../../support/monitor-process.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { waitFor } from "../../support/wait-for.ts";
import { ruleFolder } from "../../unit/alerts/alert-files.ts";

/** Seconds that each service is away. */
const away = 5;
/**
 * Seconds between two restarts, and after the last one. Tried with 120 and 600, which are longer than what most rules look back
 * and wait together; shorter here, as a test run is waited for.
 */
const between = Number(process.env.SECONDS_BETWEEN_RESTARTS ?? 10);
const afterwards = Number(process.env.SECONDS_AFTER_RESTARTS ?? 90);

const folder = temporaryFolder();
let alerting: AlertingStack;
let database: PostgresServer;
let backend: InstrumentedServer;
let edgeFunction: EdgeFunction;
let monitor: MonitorProcess;

/** A service, as who runs it ends and starts it. */
interface Service {
	readonly name: string;
	end(): Promise<unknown>;
	start(): Promise<unknown>;
}

function services(): Service[] {
	const parts = alerting.stack.programs.parts.map((part) => ({
		name: part.name,
		end: () => part.end("SIGTERM"),
		start: () => part.start(),
	}));
	const end = () => monitor.end("SIGTERM");
	return [...parts, { name: "monitor", end, start: startMonitor }];
}

async function startMonitor(): Promise<void> {
	monitor = new MonitorProcess(folder, {
		...alerting.environment,
		DATABASE_URL: database.url(),
	});
	await monitor.url();
}

/** The rules are as they are in earnest, and nothing in them is shorter. That Prometheus is a second late is no fault. */
function withRulesAsTheyAre(stackFolder: string): void {
	for (const name of readdirSync(ruleFolder)) {
		const rules = readFileSync(join(ruleFolder, name), "utf8");
		writeFileSync(join(stackFolder, "rules", name), withLateTicks(rules));
	}
}

/** The alerts that were in a state at any time, by name. */
async function seen(state: "pending" | "firing"): Promise<string[]> {
	const alerts = await alerting.stack.query(
		`group by (alertname) (last_over_time(ALERTS{alertstate="${state}"}[1h]))`,
	);
	return alerts.map(({ labels }) => labels.alertname ?? "").toSorted();
}

describe.skipIf(isAlertingMissing)(
	"a rolling restart of the monitoring",
	() => {
		beforeAll(async () => {
			database = await startPostgres();
			alerting = await AlertingStack.start({}, withRulesAsTheyAre);
			backend = new InstrumentedServer(fixture("hono-tiny.mjs"), {
				...alerting.environment,
				OTEL_SERVICE_NAME: "backend",
			});
			edgeFunction = new EdgeFunction(alerting);
			const endpoints = { backend: `${await backend.url()}/users/1` };
			const config = {
				check_interval: 1,
				endpoints,
				alert_thresholds: anyMachine,
			};
			writeFileSync(join(folder, "monitoring.yaml"), JSON.stringify(config));
			await startMonitor();
			for (const metric of ["requests_total", "edge_requests_total", "db_up"]) {
				const query = `adult_matching_${metric}`;
				await waitFor(
					async () => (await alerting.stack.query(query)).length > 0,
					60,
				);
			}
		}, 120_000);
		afterAll(async () => {
			await monitor?.end();
			await edgeFunction?.end();
			await backend?.kill();
			await alerting?.end();
			await database?.stop();
			removeFolder(folder);
		});

		test("is told of nobody, though the rules see it", {
			timeout: 3_600_000,
		}, async () => {
			for (const service of services()) {
				await service.end();
				await sleep(away * 1000);
				await service.start();
				await sleep(between * 1000);
			}
			expect(await told(alerting, afterwards)).toEqual([]);
			expect(alerting.slack.messages).toEqual([]);
			expect(await seen("firing")).toEqual(["Watchdog"]);
			const noticed = ["AlertmanagerDown", "OtelCollectorDown", "TempoDown"];
			expect(await seen("pending")).toEqual(expect.arrayContaining(noticed));
		});
	},
);
