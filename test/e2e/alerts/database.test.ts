import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	AlertingStack,
	isAlertingMissing,
} from "../../support/alerts/alerting-stack.ts";
import { told } from "../../support/alerts/calm.ts";
import { Databases } from "../../support/alerts/databases.ts";
import { proofs } from "../../support/alerts/proofs.ts";
import { waitFor } from "../../support/wait-for.ts";

const replica = "second_floor";
let alerting: AlertingStack;
let databases: Databases;

beforeAll(async () => {
	if (isAlertingMissing) return;
	// A series that nothing is added to is gone after this time; it is five minutes else.
	const prometheusFlags = ["--query.lookback-delta=10s"];
	alerting = await AlertingStack.start({ prometheusFlags });
	databases = await Databases.start(alerting, replica);
}, 120_000);
afterAll(async () => {
	await alerting?.end();
	await databases?.stop();
});

describe.skipIf(isAlertingMissing)("a real fault of a database", () => {
	const { together, allOnRecord } = proofs("database", () => alerting);
	const component = "database";

	test("is told of nobody while all is well", {
		timeout: 150_000,
	}, async () => {
		expect(await told(alerting, 10)).toEqual([]);
	});

	together({
		alert: "DatabaseConnectionsNearMax",
		severity: "warning",
		component,
		fault: "clients open 88 connections of the 100 that they may",
		shown: { labels: { state: "idle" }, from: { under: 40 }, to: { over: 80 } },
		break: () => databases.busy.connectUntil(88),
		repair: () => databases.busy.disconnect(),
	});
	together({
		alert: "DatabaseLongTransaction",
		severity: "warning",
		component,
		labels: { kind: "idle" },
		fault: "a client begins a transaction and leaves it open",
		shown: { query: "C", from: { under: 5 }, to: { over: 5 } },
		break: () => databases.replicated.begin(),
		repair: () => databases.replicated.rollback(),
	});
	together({
		alert: "DatabaseCacheHitLow",
		severity: "warning",
		component,
		fault:
			"a client reads a table ten times as large as the cache, again and again",
		shown: { from: { over: 0.9 }, to: { under: 0.9 } },
		break: () => databases.busy.readLargeTable(),
		repair: () => databases.busy.stopReading(),
	});
	together({
		alert: "DatabaseReplicationLag",
		severity: "warning",
		component,
		fault:
			"a streaming replica replays all that its primary writes 4 s later, where 1 is allowed",
		shown: { labels: { replica }, from: { under: 1 }, to: { over: 1 } },
		before: () => databases.replicated.write(),
		break: () => databases.replicated.delayReplay("4s"),
		repair: async () => {
			await databases.replicated.stopWriting();
			await databases.replicated.delayReplay("0");
		},
	});

	together({
		alert: "DatabaseWasDown",
		severity: "info",
		component,
		fault: "Postgres is killed, and started again",
		shown: {
			// The database is up again: what it shows is the alert itself.
			panel: "/d/database?viewPanel=panel-2",
			from: "nothing",
			to: 1,
		},
		break: async () => {
			await databases.frail.kill();
			await waitFor(() => alerting.isActive({ alertname: "DatabaseDown" }));
			await databases.frail.restart();
		},
		repair: () => {},
	});

	test("leaves no connection open once it is repaired", async () => {
		await databases.busy.untilFewerThan(10);
	});

	together({
		alert: "DatabaseConnectionsNearMax",
		severity: "critical",
		component,
		fault: "clients open 99 connections of the 100 that they may",
		shown: { labels: { state: "idle" }, from: { under: 40 }, to: { over: 80 } },
		break: () => databases.busy.connectUntil(99),
		repair: () => databases.busy.disconnect(),
	});
	together({
		alert: "DatabaseDeadlocks",
		severity: "warning",
		component,
		fault: "three deadlocks in a row",
		shown: { from: 0, to: { over: 2 } },
		break: async () => {
			for (let i = 0; i < 3; i++) await databases.replicated.deadlock();
		},
		repair: () => {},
	});
	together({
		alert: "DatabaseLockWait",
		severity: "warning",
		component,
		fault: "a client waits for a table that another one has locked",
		shown: { query: "D", from: { under: 1 }, to: { over: 1 } },
		break: () => databases.replicated.lock(),
		repair: () => databases.replicated.rollback(),
	});
	together({
		alert: "DatabaseReplicationLag",
		severity: "critical",
		component,
		fault:
			"a streaming replica stops to replay what its primary writes, where 10 s are allowed",
		shown: { labels: { replica }, from: { under: 10 }, to: { over: 10 } },
		before: () => databases.replicated.write(),
		break: () => databases.replicated.pauseReplay(),
		repair: async () => {
			await databases.replicated.stopWriting();
			await databases.replicated.resumeReplay();
		},
	});
	together({
		alert: "DatabaseWraparound",
		severity: "warning",
		component,
		labels: { database: "postgres", kind: "transaction" },
		fault:
			"1200 transactions and nobody who freezes old rows; the limit of a billion is scaled to 1000",
		shown: { from: { under: 1000 / 2 ** 31 }, to: { over: 1000 / 2 ** 31 } },
		break: () => databases.busy.takeIds(1200),
		repair: () => databases.busy.freeze(),
	});

	test("leaves the replica streaming once it is repaired", async () => {
		await databases.replicated.untilStreaming();
	});

	together({
		alert: "DatabaseReplicaGone",
		severity: "warning",
		component,
		labels: { replica },
		fault: "a streaming replica is cut off from its primary",
		shown: { from: { under: 1e9 }, to: "nothing" },
		break: () => databases.replicated.cutOff(),
		repair: () => databases.replicated.reconnect(),
	});
	together({
		alert: "DatabaseWraparound",
		severity: "critical",
		component,
		labels: { database: "postgres", kind: "transaction" },
		fault:
			"1800 transactions and nobody who freezes old rows; the limit of 1.6 billion is scaled to 1600",
		shown: { from: { under: 1600 / 2 ** 31 }, to: { over: 1600 / 2 ** 31 } },
		break: () => databases.busy.takeIds(1800),
		repair: () => databases.busy.freeze(),
	});

	together({
		alert: "DatabaseDown",
		severity: "critical",
		component,
		fault: "Postgres is killed",
		shown: { from: 1, to: 0 },
		break: () => databases.frail.kill(),
		repair: () => databases.frail.restart(),
	});
	allOnRecord();
});
