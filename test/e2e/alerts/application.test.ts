import { afterAll, beforeAll, describe } from "vitest";
import { isAlertingMissing } from "../../support/alerts/alerting-stack.ts";
import { proofs } from "../../support/alerts/proofs.ts";
import { Shops } from "../../support/alerts/shops.ts";
import { stackWithLimits } from "../../support/alerts/stack-with-limits.ts";

const alerting = stackWithLimits();
let shops: Shops;

beforeAll(async () => {
	if (isAlertingMissing) return;
	// Each has a fault of each kind, and of a size of its own.
	shops = await Shops.open(alerting(), ["books", "films", "games", "music"]);
}, 120_000);
afterAll(async () => {
	await shops?.close();
});

describe.skipIf(isAlertingMissing)("a real fault of a backend", () => {
	const { together, allOnRecord } = proofs("application", alerting);
	const component = "api";

	together({
		alert: "ApiErrorRate",
		severity: "warning",
		component,
		labels: { job: "films" },
		fault: "a backend answers 500 to 7 of 100 requests",
		shown: { from: { under: 5 }, to: { over: 5 } },
		break: () => shops.spoil("films", 7, "price", null),
		repair: () => shops.mend("films", "price"),
	});
	together({
		alert: "ApiErrorRate",
		severity: "critical",
		component,
		labels: { job: "games" },
		fault: "a backend answers 500 to half of the requests",
		shown: { from: { under: 10 }, to: { over: 10 } },
		break: () => shops.spoil("games", 50, "price", null),
		repair: () => shops.mend("games", "price"),
	});
	together({
		alert: "ApiSlow",
		severity: "warning",
		component,
		labels: { job: "films" },
		fault: "a backend takes 2.2 s for 7 of 100 requests, where 2 are allowed",
		shown: { query: "B", from: { under: 2 }, to: { over: 2 } },
		break: () => shops.spoil("films", 7, "delay", 2200),
		repair: () => shops.mend("films", "delay"),
	});
	together({
		alert: "ApiSlow",
		severity: "critical",
		component,
		labels: { job: "games" },
		fault: "a backend takes 6 s for half of the requests, where 5 are allowed",
		shown: { query: "B", from: { under: 5 }, to: { over: 5 } },
		break: () => shops.spoil("games", 50, "delay", 6000),
		repair: () => shops.mend("games", "delay"),
	});
	together({
		alert: "ApiErrorBudgetBurn",
		severity: "warning",
		component,
		limit: 150,
		labels: { job: "books" },
		fault: "a backend answers 500 to 2 of 100 requests",
		shown: { from: { under: 1 }, to: { over: 1 } },
		break: () => shops.spoil("books", 2, "price", null),
		repair: () => shops.mend("books", "price"),
	});
	together({
		alert: "ApiErrorBudgetBurn",
		severity: "critical",
		component,
		labels: { job: "music" },
		fault: "a backend answers 500 to 12 of 100 requests",
		shown: { from: { under: 6 }, to: { over: 6 } },
		break: () => shops.spoil("music", 12, "price", null),
		repair: () => shops.mend("music", "price"),
	});
	together({
		alert: "ApiLatencyBudgetBurn",
		severity: "warning",
		component,
		limit: 150,
		labels: { job: "books" },
		fault: "a backend takes 2.2 s for 3 of 100 requests, where 2 are allowed",
		shown: { query: "B", from: { under: 1 }, to: { over: 1 } },
		break: () => shops.spoil("books", 3, "delay", 2200),
		repair: () => shops.mend("books", "delay"),
	});
	together({
		alert: "ApiLatencyBudgetBurn",
		severity: "critical",
		component,
		labels: { job: "music" },
		fault: "a backend takes 2.2 s for 20 of 100 requests, where 2 are allowed",
		shown: { query: "B", from: { under: 6 }, to: { over: 6 } },
		break: () => shops.spoil("music", 20, "delay", 2200),
		repair: () => shops.mend("music", "delay"),
	});
	together({
		alert: "ServiceCallsFailing",
		severity: "warning",
		component,
		labels: { client: "films", server: "postgresql" },
		fault: "7 of 100 queries of a backend fail, which it hides from its users",
		shown: { query: "B", from: { under: 5 }, to: { over: 5 } },
		break: () => shops.spoil("films", 14, "size", 0),
		repair: () => shops.mend("films", "size"),
	});
	together({
		alert: "ServiceCallsFailing",
		severity: "critical",
		component,
		labels: { client: "games", server: "postgresql" },
		fault:
			"a quarter of a backend's queries fail, which it hides from its users",
		shown: { query: "B", from: { under: 10 }, to: { over: 10 } },
		break: () => shops.spoil("games", 50, "size", 0),
		repair: () => shops.mend("games", "size"),
	});
	allOnRecord();
});
