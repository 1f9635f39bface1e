import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { otherMetrics } from "../../src/dashboards/other-metrics.ts";
import {
	MonitorProcess,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";
import { program } from "../support/program.ts";
import { waitFor } from "../support/wait-for.ts";
import { alerts, recordingRules, titleOf } from "../unit/alerts/alert-files.ts";
import { commonLabels, knownMetrics } from "../unit/alerts/known-metrics.ts";
import { PrometheusServer } from "../unit/alerts/prometheus-server.ts";
import { isNumber, type Query } from "../unit/alerts/promql.ts";
import { runbooks } from "../unit/alerts/runbooks.ts";

const prometheus = program("prometheus");

describe.skipIf(prometheus.isMissing)("Prometheus", () => {
	let folder: string;
	let server: PrometheusServer;
	let monitor: MonitorProcess;
	beforeAll(async () => {
		folder = temporaryFolder();
		server = await PrometheusServer.start(prometheus.path, folder);
		monitor = new MonitorProcess(folder, {
			OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${server.url}/api/v1/otlp/v1/metrics`,
		});
	});
	afterAll(async () => {
		await monitor?.end();
		await server?.stop();
		removeFolder(folder);
	});

	const queries = [
		...alerts.map((alert) => [titleOf(alert), alert.expr] as const),
		...recordingRules.map(({ record, expr }) => [record, expr] as const),
		...runbooks.flatMap(({ name, code }) =>
			code("promql").map((query) => [`the runbook of ${name}`, query] as const),
		),
	];

	test("has rules and runbooks read only metrics that there are, by labels that they have", async () => {
		for (const [title, text] of queries) {
			const query = await server.parse(text);
			const names = query.names.flatMap((name) => metricsOf(name));
			expect(names.length, `${title} reads ${text}`).toBeGreaterThanOrEqual(
				query.names.length,
			);
			const known = [
				...commonLabels,
				...query.made,
				...names.flatMap((name) => knownMetrics.get(name) ?? []),
			];
			expect(known, `${title} reads ${text}`).toEqual(
				expect.arrayContaining([...query.labels]),
			);
		}
	});

	test("finds no limit written in a rule that the configuration has", async () => {
		const limited =
			/^adult_matching_(system_(cpu|memory|disk|filesystem_used)_percent|component_uptime_percent)$/;
		const found = [];
		for (const alert of alerts) {
			const { operations } = await server.parse(alert.expr);
			for (const { op, lhs, rhs } of operations) {
				const isLimit = /^[<>]=?$/.test(op) && isNumber(rhs);
				const names = namesIn(lhs);
				if (isLimit && names.some((name) => limited.test(name))) {
					found.push(titleOf(alert));
				}
			}
		}
		// How full a disk has to be for its prediction to count is no limit of `disk`.
		expect(found).toEqual(["DiskWillFill warning", "DiskWillFill critical"]);
	});

	test("compares with the limit of the rule's own severity", async () => {
		for (const alert of alerts) {
			const { selectors } = await server.parse(alert.expr);
			for (const { matchers } of selectors) {
				const isThreshold = matchers.some(
					({ value }) => value === "adult_matching_alert_threshold",
				);
				if (!isThreshold) continue;
				const severity = matchers.find(({ name }) => name === "severity");
				expect(severity?.value, titleOf(alert)).toBe(alert.labels.severity);
			}
		}
	});

	test("evaluates every rule on what a real monitor sends, without an error", async () => {
		const groups = z.object({
			groups: z.array(
				z.object({
					rules: z.array(
						z.object({
							name: z.string(),
							health: z.string(),
							lastError: z.string().optional(),
						}),
					),
				}),
			),
		});
		await monitor.url();
		await waitFor(async () =>
			JSON.stringify(
				await server.ask("query", { query: "adult_matching_alert_threshold" }),
			).includes("critical"),
		);
		const rules = await waitFor(async () => {
			const { groups: found } = groups.parse(await server.ask("rules"));
			const all = found.flatMap((group) => group.rules);
			return all.every(({ health }) => health !== "unknown") && all;
		}, 90);
		expect(rules.length).toBe(alerts.length + recordingRules.length);
		expect(rules.filter(({ health }) => health !== "ok")).toEqual([]);
	}, 120_000);

	test("has itself the metrics that the rules read of it", async () => {
		const own = Object.keys(otherMetrics).filter((name) =>
			/^prometheus_(?!notifications_errors)/.test(name),
		);
		const names = await waitFor(async () => {
			const all = z
				.array(z.string())
				.parse(await server.ask("label/__name__/values"));
			return own.every((name) => all.includes(name)) && all;
		});
		expect(names).toEqual(expect.arrayContaining(own));
	});
});

function metricsOf({ type, value }: Query["names"][number]): string[] {
	const pattern = type === "=~" ? new RegExp(`^(?:${value})$`) : undefined;
	return [...knownMetrics.keys()].filter((name) =>
		pattern ? pattern.test(name) : name === value,
	);
}

function namesIn(part: unknown): string[] {
	return [
		...JSON.stringify(part).matchAll(/"value":"(adult_matching_\w+)"/g),
	].map(([, name = ""]) => name);
}
