import { expect, test } from "vitest";
import { key, readAllRecords } from "../../support/alerts/proof-records.ts";
import { alerts, titleOf } from "./alert-files.ts";

// AlertPing tells of no fault: test/e2e/alert-ping.test.ts sends it the whole way.
const rules = alerts
	.map(titleOf)
	.filter((title) => !title.startsWith("AlertPing "));
const proven = readAllRecords().map(key);

test("every rule has been seen to notice a real fault, and test/e2e/alerts sees it again each time", () => {
	expect(rules.filter((rule) => !proven.includes(rule))).toEqual([]);
});

test("no proof is of a rule that is not there", () => {
	expect(proven.filter((rule) => !rules.includes(rule))).toEqual([]);
});

test("no rule is proven twice, so that each proof has one place", () => {
	expect(proven.length).toBe(new Set(proven).size);
});
