import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { languages } from "../../src/dashboards/text.ts";
import { knownMetrics } from "../unit/alerts/known-metrics.ts";

describe("Grafana's provisioning", () => {
	/** The keys that Grafana's documentation has for data sources of files, as far as they are used. */
	const source = {
		name: z.string(),
		uid: z.string(),
		access: z.literal("proxy"),
		url: z.string(),
		isDefault: z.boolean().optional(),
		editable: z.literal(false),
	};
	const shift = z.string().regex(/^-?\d+m$/);
	const { datasources } = z
		.strictObject({
			apiVersion: z.literal(1),
			prune: z.literal(true),
			datasources: z.array(
				z.discriminatedUnion("type", [
					z.strictObject({
						...source,
						type: z.literal("prometheus"),
						jsonData: z.strictObject({
							httpMethod: z.enum(["POST", "GET"]),
							prometheusType: z.literal("Prometheus"),
							timeInterval: z.string(),
							manageAlerts: z.boolean(),
							exemplarTraceIdDestinations: z.array(
								z.strictObject({
									name: z.string(),
									datasourceUid: z.string(),
									urlDisplayLabel: z.string(),
								}),
							),
						}),
					}),
					z.strictObject({
						...source,
						type: z.literal("tempo"),
						jsonData: z.strictObject({
							nodeGraph: z.strictObject({ enabled: z.boolean() }),
							search: z.strictObject({ hide: z.boolean() }),
							serviceMap: z.strictObject({ datasourceUid: z.string() }),
							streamingEnabled: z.strictObject({
								search: z.boolean(),
								metrics: z.boolean(),
							}),
							traceQuery: z.strictObject({
								timeShiftEnabled: z.boolean(),
								spanStartTimeShift: shift,
								spanEndTimeShift: shift,
							}),
							tracesToMetrics: z.strictObject({
								datasourceUid: z.string(),
								spanStartTimeShift: shift,
								spanEndTimeShift: shift,
								tags: z.array(
									z.strictObject({ key: z.string(), value: z.string() }),
								),
								queries: z.array(
									z.strictObject({ name: z.string(), query: z.string() }),
								),
							}),
						}),
					}),
					z.strictObject({
						...source,
						type: z.literal("alertmanager"),
						jsonData: z.strictObject({
							implementation: z.literal("prometheus"),
							handleGrafanaManagedAlerts: z.boolean(),
						}),
					}),
				]),
			),
		})
		.parse(parse(read("grafana/provisioning/datasources/stack.yaml")));

	// A uid that changes is not taken over from the file where Grafana has the old one.
	test("has data sources of lasting names, which refer to each other", () => {
		const urls = datasources.map(({ uid, url }) => [uid, url]);
		expect(urls).toEqual([
			["prometheus", "http://prometheus:9090"],
			["tempo", "http://tempo:3200"],
			["alertmanager", "http://alertmanager:9093"],
		]);
		const references = JSON.stringify(datasources).matchAll(
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

	test("leads from a trace to metrics that there are", () => {
		const tempo = datasources.find((each) => each.type === "tempo");
		const queries = tempo?.jsonData.tracesToMetrics.queries ?? [];
		expect(queries.length).toBeGreaterThan(0);
		for (const { query } of queries) {
			const names = [...query.matchAll(/traces_\w+/g)].map(([name]) => name);
			expect(names).not.toEqual([]);
			for (const name of names)
				expect([...knownMetrics.keys()]).toContain(name);
		}
	});

	test("takes the dashboards of one language, in a folder that is there", () => {
		const { providers } = z
			.strictObject({
				apiVersion: z.literal(1),
				providers: z.array(
					z.strictObject({
						name: z.string(),
						type: z.literal("file"),
						folder: z.string(),
						folderUid: z.string(),
						allowUiUpdates: z.literal(false),
						disableDeletion: z.boolean(),
						updateIntervalSeconds: z.int(),
						options: z.strictObject({ path: z.string() }),
					}),
				),
			})
			.parse(parse(read("grafana/provisioning/dashboards/stack.yaml")));
		const { grafana } = z
			.object({
				services: z.object({
					grafana: z.object({
						environment: z.record(z.string(), z.string()),
						volumes: z.array(z.string()),
					}),
				}),
			})
			.parse(parse(read("docker-compose.yml"))).services;
		const language = "$" + "{ALERT_LANGUAGE:-en}";
		const { environment, volumes } = grafana;
		expect(environment.ALERT_LANGUAGE).toBe(language);
		for (const chosen of languages) {
			const folder = `/etc/grafana/dashboards/${chosen}`;
			const paths = providers.map(({ options: { path } }) =>
				path.replace("$ALERT_LANGUAGE", chosen),
			);
			expect(paths).toEqual([folder]);
			const mounted = volumes
				.map((volume) => volume.split(":"))
				.find(([, target]) => target === folder)?.[0];
			const home = environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH;
			const file = home
				?.replace(`${language}`, chosen)
				.replace(folder, `${mounted}`);
			expect(JSON.parse(read(`${file}`))).toMatchObject({
				uid: "system-overview",
			});
		}
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
