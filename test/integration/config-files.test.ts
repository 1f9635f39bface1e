import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { catalogue } from "../../src/metrics/catalogue.ts";
import { program } from "../support/program.ts";

const promtool = program("promtool");

describe("Grafana's provisioning", () => {
	const provisioned = z
		.object({
			prune: z.literal(true),
			datasources: z.array(
				z.object({
					uid: z.string(),
					url: z.string(),
					editable: z.literal(false),
					jsonData: z.record(z.string(), z.unknown()),
				}),
			),
		})
		.parse(parse(read("grafana/provisioning/datasources/stack.yaml")));

	// A uid that changes is not taken over from the file where Grafana has the old one.
	test("has data sources of lasting names, which refer to each other", () => {
		const urls = provisioned.datasources.map(({ uid, url }) => [uid, url]);
		expect(urls).toEqual([
			["prometheus", "http://prometheus:9090"],
			["tempo", "http://tempo:3200"],
			["alertmanager", "http://alertmanager:9093"],
		]);
		const references = JSON.stringify(provisioned).matchAll(
			/"datasourceUid":"([^"]*)"/g,
		);
		for (const [, uid] of references) {
			expect(urls.map(([known]) => known)).toContain(uid);
		}
	});

	test("leaves no single dollar for Grafana to take for a variable", () => {
		const text = read("grafana/provisioning/datasources/stack.yaml");
		const lines = text.split("\n").filter((line) => !/^\s*#/.test(line));
		expect(lines.join("\n").replaceAll("$$", "")).not.toContain("$");
	});
});

describe.each(readdirSync("grafana/dashboards"))("the dashboard %s", (name) => {
	const dashboard = z
		.object({
			uid: z.string(),
			schemaVersion: z.literal(42),
			panels: z.array(
				z.object({
					id: z.number(),
					title: z.string(),
					gridPos: z.record(z.enum(["x", "y", "w", "h"]), z.number()),
					targets: z.array(
						z.object({
							expr: z.string(),
							datasource: z.object({ uid: z.literal("prometheus") }),
						}),
					),
				}),
			),
		})
		.parse(JSON.parse(read(`grafana/dashboards/${name}`)));

	test("keeps its uid", () => {
		const uids: Record<string, string> = {
			"overview.json": "adult-matching-overview",
		};
		expect(dashboard.uid).toBe(uids[name]);
	});

	test("has panels that are told apart, and don't cover each other", () => {
		const { panels } = dashboard;
		expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
		const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
			Array.from({ length: w * h }, (_, cell) => {
				expect(x + w).toBeLessThanOrEqual(24);
				return `${x + (cell % w)}/${y + Math.floor(cell / w)}`;
			}),
		);
		expect(new Set(cells).size).toBe(cells.length);
	});

	test.skipIf(promtool.isMissing)("asks what Prometheus understands", () => {
		for (const { expr } of dashboard.panels.flatMap(({ targets }) => targets)) {
			const query = expr.replaceAll(/\$__\w+/g, "1m");
			const args = ["--experimental", "promql", "format", query];
			execFileSync(promtool.path, args, { stdio: "pipe" });
		}
	});

	test("asks for metrics that there are", () => {
		const known = new Set(
			catalogue.flatMap(({ metrics }) =>
				metrics.flatMap(({ name, kind }) =>
					kind === "histogram"
						? ["bucket", "sum", "count"].map((part) => `${name}_${part}`)
						: name,
				),
			),
		);
		const asked = dashboard.panels.flatMap(({ targets }) =>
			targets.flatMap(({ expr }) => {
				const names = [...expr.matchAll(/adult_matching_(\w+)/g)];
				expect(names).not.toEqual([]);
				return names.map(([, metric = ""]) => metric);
			}),
		);
		expect(asked.filter((metric) => !known.has(metric))).toEqual([]);
	});
});

test("Tempo keeps traces for 7 days, by both keys that say so", () => {
	expect(parse(read("tempo/tempo.yaml"))).toMatchObject({
		server: { http_listen_port: 3200 },
		backend_worker: { compaction: { block_retention: "168h" } },
		backend_scheduler: {
			provider: { compaction: { compaction: { block_retention: "168h" } } },
		},
		usage_report: { reporting_enabled: false },
	});
});

function read(path: string): string {
	return readFileSync(path, "utf8");
}
