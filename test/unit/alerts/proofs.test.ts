import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import {
	alertNames,
	alertOf,
	alerts,
	proofFiles,
	proofs,
	ruleFiles,
	testFiles,
	titleOf,
} from "./alert-files.ts";

/** Whether a sample that a test awaits is of a rule. */
function isOf(sample: string, labels: Readonly<Record<string, string>>) {
	const told = new Map(
		[...sample.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [
			name,
			value,
		]),
	);
	return ["severity", "source"]
		.filter((label) => labels[label] !== undefined)
		.every((label) => told.get(label) === labels[label]);
}

describe("the tests of rules", () => {
	test.each(alerts.map((alert) => [titleOf(alert), alert] as const))(
		"have a case in which %s fires, and one in which it must not",
		(_, { alert, labels }) => {
			const checks = proofs
				.filter((proof) => alertOf(proof) === alert)
				.flatMap((proof) => proof.promql_expr_test);
			const fires = (check: (typeof checks)[number]) =>
				check.exp_samples.some((sample) => isOf(sample.labels, labels));
			expect(checks.some(fires)).toBe(true);
			const always = alert === "Watchdog";
			expect(checks.some((check) => !fires(check))).toBe(!always);
		},
	);

	test("have a series that never makes it fire, for every alert but the one that always does", () => {
		const silent = proofs
			.filter(({ promql_expr_test: checks }) =>
				checks.every(({ exp_samples }) => exp_samples.length === 0),
			)
			.map(alertOf);
		expect(
			alertNames.filter(
				(name) => name !== "Watchdog" && !silent.includes(name),
			),
		).toEqual([]);
	});

	test("look at the alert that they are named after", () => {
		for (const proof of proofs) {
			const alert = alertOf(proof);
			expect(alertNames).toContain(alert);
			for (const { expr } of proof.promql_expr_test) {
				expect(expr).toContain(`alertname="${alert}",alertstate="firing"`);
			}
		}
	});

	test("are one file for each file of rules, and in no other", () => {
		for (const { file, rule_files, tests } of proofFiles) {
			expect(rule_files).toEqual([`../rules/${basename(file)}`]);
			const own = alerts
				.filter((alert) => alert.file === file)
				.map(({ alert }) => alert);
			expect(new Set(tests.map(alertOf))).toEqual(new Set(own));
		}
		expect(testFiles).toEqual(ruleFiles.map(({ file }) => file));
	});

	test("have a name each", () => {
		const names = proofs.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
	});
});
