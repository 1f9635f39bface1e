import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	AlertingStack,
	isAlertingMissing,
} from "../../support/alerts/alerting-stack.ts";
import { told } from "../../support/alerts/calm.ts";
import { leadsToTrace } from "../../support/alerts/linked-trace.ts";
import { proofs } from "../../support/alerts/proofs.ts";
import { WatchedServices } from "../../support/alerts/watched-services.ts";
import { statusOf } from "../../support/integration.ts";

/** In seconds. */
const day = 86_400;

let alerting: AlertingStack;
let services: WatchedServices;

beforeAll(async () => {
	if (isAlertingMissing) return;
	// What a stopped monitor sent last is not taken for the present for minutes.
	const prometheusFlags = ["--query.lookback-delta=10s"];
	alerting = await AlertingStack.start({ prometheusFlags });
	services = await WatchedServices.start(alerting);
});
afterAll(async () => {
	await services?.end();
	await alerting?.end();
});

describe.skipIf(isAlertingMissing)("a real fault of a component", () => {
	const { together, alone, allOnRecord } = proofs(
		"integration",
		() => alerting,
	);

	test("is told of nobody while all is well", {
		timeout: 150_000,
	}, async () => {
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
		shown: { query: "C", from: { over: 95 }, to: { under: 95 } },
		before: () => services.manyChecks("seldom_down"),
		break: () => services.failUntilUptime("seldom_down", 94),
		repair: () => {},
	});
	alone({
		alert: "ComponentUptimeLow",
		severity: "critical",
		component: "often_down",
		fault:
			"so many checks of a backend get 500 that its uptime falls under 89 %",
		shown: { query: "C", from: { over: 90 }, to: { under: 90 } },
		before: () => services.manyChecks("often_down"),
		break: () => services.failUntilUptime("often_down", 89),
		repair: () => {},
	});
	together({
		alert: "EdgeFunctionDown",
		severity: "critical",
		component: "content_feed",
		fault: "an edge function answers 500",
		shown: { from: 0, to: 3 },
		break: () => services.change("content_feed", { status: 500 }),
		repair: () => services.change("content_feed", { status: 200 }),
	});
	together({
		alert: "BackendDown",
		severity: "critical",
		component: "data_sync",
		fault: "a backend answers 500",
		shown: { from: 0, to: 3 },
		break: () => services.change("data_sync", { status: 500 }),
		repair: () => services.change("data_sync", { status: 200 }),
		seen: (text) => leadsToTrace(alerting, text, "probe data_sync"),
	});
	together({
		alert: "MlModelUnavailable",
		severity: "critical",
		component: "model_inference",
		fault: "the model is unloaded",
		shown: { from: 0, to: 3 },
		break: () =>
			services.change("model_inference", {
				body: { model_loaded: false, memory_usage_percent: 10 },
			}),
		repair: () =>
			services.change("model_inference", {
				body: { model_loaded: true, memory_usage_percent: 10 },
			}),
	});
	together({
		alert: "FlowFailing",
		severity: "critical",
		component: "user_flow",
		fault: "a step of a flow gets 503",
		shown: { from: 0, to: 3 },
		break: () => services.change("user_flow", { status: 503 }),
		repair: () => services.change("user_flow", { status: 200 }),
		seen: (text) => leadsToTrace(alerting, text, "flow user_flow"),
	});
	together({
		alert: "HeartbeatOverdue",
		severity: "warning",
		component: "nightly_sync",
		fault: "a job reports that it failed",
		shown: { from: 0, to: 3 },
		break: () => services.report("fail"),
		repair: () => services.report("ok"),
	});
	together({
		alert: "ComponentDegraded",
		severity: "warning",
		component: "user_management",
		fault: "a backend answers 404 where 200 is expected",
		shown: { from: 0, to: 2 },
		break: () => services.change("user_management", { status: 404 }),
		repair: () => services.change("user_management", { status: 200 }),
	});
	together({
		alert: "DataFlowStale",
		severity: "info",
		component: "source_freshness",
		fault: "the newest data is an hour old, where 10 minutes are allowed",
		shown: { labels: { flow: "source_freshness" }, from: 0, to: 2 },
		break: () => services.age("source_freshness", 1),
		repair: () => services.age("source_freshness", 0),
	});
	together({
		alert: "DataFlowStopped",
		severity: "warning",
		component: "sync_freshness",
		fault: "the newest data is five hours old, where 10 minutes are allowed",
		shown: { labels: { flow: "sync_freshness" }, from: 0, to: 3 },
		break: () => services.age("sync_freshness", 5),
		repair: () => services.age("sync_freshness", 0),
	});
	together({
		alert: "DataFlowUnreadable",
		severity: "warning",
		component: "cache_freshness",
		fault: "what tells the age of data answers 503",
		shown: { labels: { flow: "cache_freshness" }, from: 0, to: 5 },
		break: () => services.change("cache_freshness", { status: 503 }),
		repair: () => services.change("cache_freshness", { status: 200 }),
	});
	together({
		alert: "ProbeSlow",
		severity: "warning",
		component: "ml_training",
		fault: "a backend answers after 4 s, where 3 are allowed",
		shown: { from: { under: 3 }, to: { over: 3 } },
		break: () => services.change("ml_training", { delay: 4000 }),
		repair: () => services.change("ml_training", { delay: 0 }),
	});
	together({
		alert: "CertificateExpires",
		severity: "warning",
		component: "with_certificate",
		fault: "a server's chain has a certificate that ends in 5 days",
		shown: { from: { over: 14 * day }, to: { under: 14 * day } },
		break: () => services.certified.show("soonEndingChain"),
		repair: () => services.certified.show("right"),
	});
	alone({
		alert: "ProbeSlow",
		severity: "critical",
		component: "ml_training",
		fault: "a backend answers after 8 s, where 6 are allowed",
		shown: { from: { under: 6 }, to: { over: 6 } },
		break: () => services.change("ml_training", { delay: 8000 }),
		repair: () => services.change("ml_training", { delay: 0 }),
	});
	alone({
		alert: "CertificateExpires",
		severity: "critical",
		component: "with_certificate",
		fault: "a server shows a certificate that ends in 2 days",
		shown: { from: { over: 3 * day }, to: { under: 3 * day } },
		break: () => services.certified.show("soonEnding"),
		repair: () => services.certified.show("right"),
	});
	alone({
		alert: "ComponentUnknown",
		severity: "info",
		component: "orphan",
		fault: "nothing says where the age of a data flow can be read",
		shown: { from: "nothing", to: 1 },
		break: async () => {
			const config = { data_flow_checks: { orphan: 600 } };
			const monitor = await services.watchOnly(config);
			expect((await statusOf(monitor, "orphan")).state).toBe("unknown");
		},
		repair: () => services.endWatching(),
	});
	allOnRecord();
});
