import { afterAll, beforeAll, describe } from "vitest";
import { isAlertingMissing } from "../../support/alerts/alerting-stack.ts";
import { EdgeShops } from "../../support/alerts/edge-shops.ts";
import { proofs } from "../../support/alerts/proofs.ts";
import { stackWithLimits } from "../../support/alerts/stack-with-limits.ts";

const alerting = stackWithLimits();
let shops: EdgeShops;

beforeAll(async () => {
	if (isAlertingMissing) return;
	// Each has faults of a size of its own.
	shops = await EdgeShops.open(alerting(), [
		"books",
		"films",
		"games",
		"music",
	]);
}, 120_000);
afterAll(async () => {
	await shops?.close();
});

describe.skipIf(isAlertingMissing)("a real fault of an edge function", () => {
	const { together, allOnRecord } = proofs("edge", alerting);
	const component = "edge";

	together({
		alert: "EdgeErrorRate",
		severity: "warning",
		component,
		labels: { function: "films" },
		fault: "an edge function throws at 7 of 100 requests",
		shown: { from: { under: 5 }, to: { over: 5 } },
		break: () => shops.spoil("films", 7, { price: null }),
		repair: () => shops.mend("films", "price"),
	});
	together({
		alert: "EdgeErrorRate",
		severity: "critical",
		component,
		labels: { function: "games" },
		fault: "an edge function throws at half of the requests",
		shown: { from: { under: 10 }, to: { over: 10 } },
		break: () => shops.spoil("games", 50, { price: null }),
		repair: () => shops.mend("games", "price"),
	});
	together({
		alert: "EdgeSlow",
		severity: "warning",
		component,
		labels: { function: "films" },
		fault:
			"what an edge function calls takes 2.5 s for 7 of 100 requests, where 2 are allowed",
		shown: { from: { under: 2 }, to: { over: 2 } },
		break: () => shops.spoil("films", 7, { delay: 2500 }),
		repair: () => shops.mend("films", "delay"),
	});
	together({
		alert: "EdgeSlow",
		severity: "critical",
		component,
		labels: { function: "games" },
		fault:
			"what an edge function calls takes 6 s for half of the requests, where 5 are allowed",
		shown: { from: { under: 5 }, to: { over: 5 } },
		break: () => shops.spoil("games", 50, { delay: 6000 }),
		repair: () => shops.mend("games", "delay"),
	});
	together({
		alert: "EdgeErrorBudgetBurn",
		severity: "warning",
		component,
		limit: 150,
		labels: { function: "books" },
		fault: "an edge function throws at 2 of 100 requests",
		shown: { from: { under: 0.5 }, to: { over: 0.5 } },
		break: () => shops.spoil("books", 2, { price: null }),
		repair: () => shops.mend("books", "price"),
	});
	together({
		alert: "EdgeErrorBudgetBurn",
		severity: "critical",
		component,
		labels: { function: "music" },
		fault: "an edge function throws at 12 of 100 requests",
		shown: { from: { under: 3 }, to: { over: 3 } },
		break: () => shops.spoil("music", 12, { price: null }),
		repair: () => shops.mend("music", "price"),
	});
	together({
		alert: "EdgeOperationsFailing",
		severity: "warning",
		component,
		labels: { function: "books", operation: "foretell_boxes" },
		fault:
			"the model of an edge function fails for a tenth of the requests, which are answered without it",
		shown: { query: "B", from: "nothing", to: { over: 5 } },
		break: () => shops.spoil("books", 10, { boxes: -1 }),
		repair: () => shops.mend("books", "boxes"),
	});
	together({
		alert: "EdgeTelemetryDropped",
		severity: "warning",
		component,
		labels: { function: "books" },
		fault: "a gateway before the collector answers 413 to spans",
		shown: { from: "nothing", to: { over: 0 } },
		break: () => {
			shops.spansRefusedOf = "books";
		},
		repair: () => {
			shops.spansRefusedOf = undefined;
		},
	});
	allOnRecord();
});
