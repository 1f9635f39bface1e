import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { noLabel } from "../../src/dashboards/records.ts";
import { fillIn, timeRanges } from "../support/dashboards/fill-in.ts";
import { removeFolder, temporaryFolder } from "../support/monitor-process.ts";
import { program } from "../support/program.ts";
import { alerts, recordingRules, titleOf } from "../unit/alerts/alert-files.ts";
import { commonLabels, knownMetrics } from "../unit/alerts/known-metrics.ts";
import { PrometheusServer } from "../unit/alerts/prometheus-server.ts";
import { Query } from "../unit/alerts/promql.ts";
import {
	type Expression,
	expression,
	partsOf,
} from "../unit/dashboards/expression.ts";
import { grafanaUnits, sameUnit, unitOf } from "../unit/dashboards/measure.ts";
import { metricNamed } from "../unit/dashboards/metric-named.ts";
import {
	nameOf,
	queries,
	shownUnit,
	written,
} from "../unit/dashboards/written.ts";

const prometheus = program("prometheus");
const growth = ["rate", "increase", "irate", "delta", "idelta", "resets"];

describe.skipIf(prometheus.isMissing)("a query of a dashboard", () => {
	let folder: string;
	let server: PrometheusServer;
	interface Parsed {
		readonly name: string;
		readonly text: string;
		readonly tree: unknown;
		readonly query: (typeof queries)[number];
		readonly parts: readonly Expression[];
	}
	let parsed: readonly Parsed[];
	/** Those for numbers, and those for single requests. */
	let ofNumbers: readonly Parsed[];
	let ofRequests: readonly Parsed[];

	beforeAll(async () => {
		folder = temporaryFolder();
		server = await PrometheusServer.start(prometheus.path, folder);
		parsed = await Promise.all(
			queries.map(async (query) => {
				const text = withAll(query.expr);
				const tree = await server.ask("parse_query", { query: text });
				const parts = partsOf(expression.parse(tree));
				return { name: nameOf(query), text, tree, query, parts };
			}),
		);
		ofNumbers = parsed.filter(({ query }) => !query.target.exemplar);
		ofRequests = parsed.filter(({ query }) => query.target.exemplar);
	});
	afterAll(async () => {
		await server?.stop();
		removeFolder(folder);
	});

	test("reads metrics that there are, by labels that they have", () => {
		for (const { name, tree, query } of parsed) {
			const { names, labels, made } = new Query(tree);
			expect(names.length, name).toBeGreaterThan(0);
			const known = names.flatMap(({ value }) => {
				expect([...knownMetrics.keys()], name).toContain(value);
				return knownMetrics.get(value) ?? [];
			});
			const all = [
				...commonLabels,
				...made,
				...known,
				...joinedIn(query.expr),
				environmentLabel,
				noLabel,
			];
			expect(all, name).toEqual(expect.arrayContaining([...labels]));
			expect(all, name).toEqual(
				expect.arrayContaining(labelsIn(query.target.legendFormat)),
			);
		}
	});

	test("finds no series that has the label which only tells whether all is chosen", () => {
		for (const labels of [commonLabels, ...knownMetrics.values()]) {
			expect(labels).not.toContain(noLabel);
		}
	});

	test("takes the growth of counters, before it sums them up, and of nothing else", () => {
		for (const { name, parts } of ofNumbers) {
			const rated = parts
				.filter((part) => part.type === "call")
				.filter(({ func }) => growth.includes(func.name))
				.flatMap(({ args }) => args);
			for (const part of rated) expect(part.type, name).toBe("matrixSelector");
			const grown = [...rated, ...parts.flatMap(takenFromItself)];
			for (const part of parts) {
				if (!("name" in part)) continue;
				const { isCounter } = metricNamed(part.name);
				expect(grown.includes(part), `${name}: ${part.name}`).toBe(isCounter);
			}
		}
	});

	test("makes quantiles of sums by `le`", () => {
		const quantiles = parsed.flatMap(({ name, parts }) =>
			parts
				.filter((part) => part.type === "call")
				.filter(({ func }) => func.name === "histogram_quantile")
				.map(({ args }) => ({ name, buckets: args[1] })),
		);
		expect(quantiles.length).toBeGreaterThan(5);
		for (const { name, buckets } of quantiles) {
			expect(buckets, name).toMatchObject({ type: "aggregation", op: "sum" });
			const grouping = buckets?.type === "aggregation" && buckets.grouping;
			expect(grouping, name).toContain("le");
		}
	});

	test("looks back as far as Grafana's step asks for, or as an alert rule that is about the same panel does", () => {
		const ofAlerts = alerts.flatMap(({ expr }) => windowsIn(expr));
		for (const { title, targets } of written.flatMap(({ panels }) => panels)) {
			const fixed = targets
				.flatMap(({ expr = "" }) => windowsIn(expr))
				.filter(
					({ metric, window }) =>
						window !==
						(isRecorded(metric) ? "$__interval" : "$__rate_interval"),
				);
			const known = ofAlerts
				.filter(({ metric }) => fixed.some((own) => own.metric === metric))
				.map(({ window }) => window);
			for (const { metric, window } of fixed) {
				expect(isOfTheEdge(metric) ? ["15m"] : known, title).toContain(window);
			}
		}
	});

	test("counts what edge functions send exactly", () => {
		for (const { name, parts } of parsed) {
			for (const part of parts) {
				if (!("name" in part) || part.type !== "matrixSelector") continue;
				expect(part.anchored, name).toBe(isOfTheEdge(part.name));
			}
		}
	});

	test("asks for single requests by their buckets, where nothing is stored, and before the panel names the metric otherwise", () => {
		expect(ofRequests.length).toBeGreaterThan(2);
		for (const { name, parts, query } of ofRequests) {
			expect(parts, name).toMatchObject([
				{ type: "vectorSelector", timestamp: 0 },
			]);
			const metrics = parts.flatMap((part) =>
				"name" in part ? part.name : [],
			);
			expect(metrics.join(), name).toMatch(/_bucket$/);
			expect(query.panel.targets[0], name).toBe(query.target);
		}
	});

	test("has points a minute apart or more where it reads what the rules record each minute, and nowhere else", () => {
		for (const { title, targets, interval } of written.flatMap(
			({ panels }) => panels,
		)) {
			const read = targets
				.filter(({ instant }) => !instant)
				.flatMap(({ expr = "" }) => windowsIn(expr));
			const isOfRecords = read.some(({ metric }) => isRecorded(metric));
			expect(interval, title).toBe(isOfRecords ? "1m" : undefined);
		}
	});

	test("is shown in the unit that its metrics have", () => {
		for (const { name, parts, query } of ofNumbers) {
			const [whole] = parts;
			const shown = shownUnit(query.panel, query.target);
			expect(Object.keys(grafanaUnits), name).toContain(shown);
			const [is, should] = [grafanaUnits[shown], whole && unitOf(whole)];
			if (is === undefined || should === undefined) throw new Error(name);
			expect(sameUnit(is, should), `${name} in ${shown}`).toBe(true);
		}
	});

	test("keeps to 20 where users name what is counted", () => {
		const named = ["function", "endpoint", "component", "flow", "heartbeat"];
		for (const { name, tree, query, parts } of parsed) {
			const [whole] = parts;
			if (query.panel.type !== "timeseries") continue;
			const grouped = parts.flatMap((part) =>
				part.type === "aggregation" ? part.grouping : [],
			);
			if (!grouped.some((label) => named.includes(label))) continue;
			expect(whole, name).toMatchObject({ type: "aggregation" });
			expect(z.object({ op: z.string() }).parse(tree).op, name).toMatch(
				/^(top|bottom)k$/,
			);
		}
	});

	test("shows what each alert is about, on the dashboard that it leads to", async () => {
		const recordedOf = new Map<string, string[]>();
		for (const { record, expr } of recordingRules) {
			const { names } = await server.parse(expr);
			recordedOf.set(
				record,
				names.map(({ value }) => value),
			);
		}
		const unseen = [];
		for (const alert of alerts) {
			const [, uid, panel] =
				/^\/d\/([\w-]+)(?:\?(?:viewPanel=panel-(\d+)|var-).*)?$/.exec(
					alert.annotations.dashboard_url ?? "",
				) ?? [];
			const shown = parsed
				.filter(({ query }) => query.uid === uid)
				.filter(
					({ query }) => panel === undefined || `${query.panel.id}` === panel,
				)
				.flatMap(({ tree }) => new Query(tree).names)
				.flatMap(({ value }) => [value, ...(recordedOf.get(value) ?? [])]);
			const read = (await server.parse(alert.expr)).names;
			if (!read.some(({ value }) => shown.includes(value))) {
				unseen.push(titleOf(alert));
			}
		}
		// Two only show that alerts arrive, one is about what is gone, one about another alert: the table of alerts has them.
		const elsewhere = /^(Watchdog|AlertPing|MetricsMissing|DatabaseWasDown)\b/;
		expect(unseen.filter((title) => !elsewhere.test(title))).toEqual([]);
	});

	test("for a variable or an annotation is understood too", async () => {
		for (const { templating, annotations } of written) {
			const others = [
				...annotations.list.map(({ expr }) => expr),
				...templating.list.map(
					({ query }) =>
						/^label_values\((.+), \w+\)$/.exec(query.query)?.[1] ?? "",
				),
			];
			for (const query of others) {
				const { names } = await server.parse(withAll(query));
				for (const { value } of names) {
					expect([...knownMetrics.keys()]).toContain(value);
				}
			}
		}
	});
});

/** What a counter has grown by since some time ago, however it began: all that such a subtraction reads, if it is one counter. */
function takenFromItself(part: Expression): Expression[] {
	if (part.type !== "binaryExpr" || part.op !== "-") return [];
	const read = partsOf(part).filter((each) => "name" in each);
	const isOfOne = new Set(read.map(({ name }) => name)).size === 1;
	return part.lhs.type === "vectorSelector" && isOfOne ? read : [];
}

const environmentLabel = "deployment_environment_name";

/** A query as Grafana sends it, where nothing is chosen. */
function withAll(query: string): string {
	const [range] = timeRanges;
	if (range === undefined) throw new Error("no range");
	const names = ["environment", "service", "endpoint", "function"];
	return fillIn(
		query,
		range,
		Object.fromEntries(names.map((name) => [name, ".*"])),
	);
}

function isRecorded(metric: string): boolean {
	return recordingRules.some(({ record }) => record === metric);
}

function isOfTheEdge(metric: string): boolean {
	return metric.startsWith("adult_matching_edge_");
}

/** How far back each metric of a query is looked at. */
function windowsIn(query: string) {
	const found = query.matchAll(/([\w:]+)(?:\{[^}]*\})?\[([^\]]+)\]/g);
	return [...found].map(([, metric = "", window = ""]) => ({ metric, window }));
}

/** Labels that `label_join` makes; it does without those of which it makes them. */
function joinedIn(query: string): string[] {
	return [...query.matchAll(/label_join\(.*?, "(\w+)", " "/g)].map(
		([, label = ""]) => label,
	);
}

function labelsIn(legend = ""): string[] {
	return [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
}
