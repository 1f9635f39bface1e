import { describe, expect, test } from "vitest";
import {
	alertNames,
	alerts,
	recordingRules,
	ruleFiles,
	titleOf,
} from "./alert-files.ts";
import { labelsOf } from "./known-metrics.ts";

/** Told by all that dashboards read, and in no name. */
const environment = "deployment_environment_name";

/** What a link chooses of a variable. */
const choice = String.raw`var-\w+=\{\{ \$labels\.\w+ \| urlquery \}\}`;
const link = new RegExp(
	String.raw`^/d/([\w-]+)(?:\?(?:viewPanel=panel-\d+|${choice})(?:&${choice})*)?$`,
);

/** Fixed, so that links in old messages go on leading somewhere. */
const dashboards = [
	"system-overview",
	"integration",
	"performance",
	"edge-functions",
	"database",
	"pipeline",
];

const required = [
	"summary",
	"summary_ja",
	"description",
	"description_ja",
	"runbook_url",
	"dashboard_url",
];

describe.each(alerts.map((alert) => [titleOf(alert), alert] as const))(
	"%s",
	(_, { alert, expr, labels, annotations, ...rule }) => {
		test("has a name of words in capitals, without the severity in it", () => {
			expect(alert).toMatch(/^([A-Z][a-z]+)+$/);
			expect(alert).not.toMatch(/Warning|Critical/);
		});

		test("has one of three severities, and a component of its own or of its series", () => {
			expect(labels.severity).toMatch(/^(critical|warning|info)$/);
			const ofSeries = rule.file === "integration.yaml";
			expect("component" in labels).toBe(!ofSeries);
			const known = ["severity", "component", "source"];
			expect(known).toEqual(expect.arrayContaining(Object.keys(labels)));
		});

		test("says all that a reader needs, and no more", () => {
			expect(Object.keys(annotations)).toEqual(
				expect.arrayContaining(required),
			);
			expect([...required, "trace_id"]).toEqual(
				expect.arrayContaining(Object.keys(annotations)),
			);
			expect(annotations.runbook_url).toBe(`docs/runbooks/${alert}.md`);
			const [, uid] = link.exec(annotations.dashboard_url ?? "") ?? [];
			expect(dashboards).toContain(uid);
			expect(annotations.summary).toMatch(/^[^\n]+\.$/);
			expect(annotations.description).toMatch(/First look/);
		});

		test("says what it found and what the limit is, or what state something is in", () => {
			const { summary = "" } = annotations;
			expect(summary).toMatch(
				/\$value|unhealthy|fails|overdue|stopped|degraded|will be full|old,|No process|no value|could not be told|can't be|does not answer|sent nothing|is gone|No edge function|has not been able|always fires|nothing is wrong|How old/,
			);
		});

		test("doesn't fire on one missed sample, unless its range outlasts it", () => {
			if (rule.for !== undefined) return;
			// One sample is what `npm run alerts:ping` sends.
			if (alert === "AlertPing") return;
			expect(expr).toMatch(/\[(15|35)m\]|^vector\(1\)$/);
		});
	},
);

describe("warning and critical", () => {
	const pairs = alertNames
		.map((name) => alerts.filter(({ alert }) => alert === name))
		.filter((rules) => rules.some(({ labels }) => labels.source === undefined))
		.filter((rules) => rules.length > 1);

	test.each(pairs.map((pair) => [pair[0]?.alert, pair] as const))(
		"of %s are two rules of one name, alike but for limit and time",
		(_, pair) => {
			expect(pair.map(({ labels }) => labels.severity)).toEqual([
				"warning",
				"critical",
			]);
			const [first, second] = pair;
			expect(first?.annotations.description).toBe(
				second?.annotations.description,
			);
			expect(first?.annotations.description_ja).toBe(
				second?.annotations.description_ja,
			);
			expect(first?.labels.component).toBe(second?.labels.component);
			expect(first?.expr).not.toBe(second?.expr);
		},
	);

	test("are both there wherever the contract has two limits", () => {
		const both = [
			"CpuHigh",
			"MemoryHigh",
			"DiskFull",
			"ApiSlow",
			"ApiErrorRate",
			"EdgeSlow",
			"EdgeErrorRate",
			"ComponentUptimeLow",
		];
		expect(pairs.map(([rule]) => rule?.alert)).toEqual(
			expect.arrayContaining(both),
		);
	});
});

test("a limit of the configuration is quoted in the message as it is compared with", () => {
	const quoted = /signal='(\w+)',severity='(\w+)'/g;
	for (const alert of alerts) {
		const { summary = "" } = alert.annotations;
		const compared = [
			...alert.expr.matchAll(/signal="(\w+)",severity="(\w+)"/g),
		].map(([, signal, severity]) => `${signal} ${severity}`);
		const named = [...summary.matchAll(quoted)].map(
			([, signal, severity]) => `${signal} ${severity}`,
		);
		if (compared.length > 0) {
			expect(new Set(named), titleOf(alert)).toEqual(new Set(compared));
		}
	}
});

test("a message opens its dashboard for its own environment, unless it is about the stack or of what knows none", () => {
	const chosen = `var-environment={{ $labels.${environment} | urlquery }}`;
	const ofStack = /\b(otelcol|prometheus|alertmanager)_|\bup\{/;
	const without = alerts.filter(
		({ annotations, expr }) =>
			!annotations.dashboard_url?.includes(chosen) && !ofStack.test(expr),
	);
	expect(without.map(titleOf)).toEqual([
		"ServiceCallsFailing warning",
		"ServiceCallsFailing critical",
		"Watchdog info",
		"AlertPing info",
		"MonitorGone critical",
		"MetricsMissing warning edge",
	]);
});

test("nothing of a person, of a request or of a query becomes part of a message", () => {
	const labels = alerts.flatMap(({ annotations }) =>
		Object.values(annotations).flatMap((text) =>
			[...text.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label),
		),
	);
	expect(labels.length).toBeGreaterThan(50);
	for (const label of labels) {
		expect(label).not.toMatch(/user|mail|address|queryid|version|url|body/);
	}
});

test("every file has groups of its own names, and recording rules are named by level and metric", () => {
	const groups = ruleFiles.flatMap(({ content }) => content.groups);
	expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
	for (const rule of recordingRules) {
		const level = labelsOf(rule).filter((label) => label !== environment);
		expect(rule.record).toMatch(
			new RegExp(
				`^${level.length > 0 ? `${level.join("_")}:` : ""}(adult_matching|traces)(_\\w+)?:\\w+$`,
			),
		);
	}
});
