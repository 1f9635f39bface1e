import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const target = z.looseObject({
	refId: z.string(),
	datasource: z.object({ type: z.string() }),
	expr: z.string().optional(),
	instant: z.boolean().default(false),
	exemplar: z.boolean().default(false),
	legendFormat: z.string().default(""),
	format: z.string().default("time_series"),
});
const fieldConfig = z.object({
	defaults: z.looseObject({}),
	overrides: z.array(
		z.object({
			matcher: z.object({ id: z.string(), options: z.unknown() }),
			properties: z.array(z.object({ id: z.string(), value: z.unknown() })),
		}),
	),
});
const panel = z.looseObject({
	id: z.int(),
	title: z.string().default(""),
	type: z.string(),
	fieldConfig,
	/** No step of it is smaller; seconds. */
	interval: z
		.literal("1m")
		.transform(() => 60)
		.default(0),
	targets: z.array(target).default([]),
});
const variable = z.looseObject({
	name: z.string(),
	type: z.string(),
	query: z
		.union([z.string(), z.object({ query: z.string() })])
		.transform((query) => (typeof query === "string" ? query : query.query)),
	includeAll: z.boolean().default(false),
	allValue: z.string().nullish(),
});
const annotation = z.looseObject({
	name: z.string(),
	datasource: z.looseObject({ type: z.string() }),
	expr: z.string().optional(),
});
const dashboard = z.looseObject({
	uid: z.string(),
	title: z.string(),
	templating: z.object({ list: z.array(variable) }),
	annotations: z.object({ list: z.array(annotation) }),
	panels: z.array(panel),
});

export type Dashboard = z.infer<typeof dashboard>;
export type Panel = z.infer<typeof panel>;
export type Variable = z.infer<typeof variable>;

/** What a panel asks Prometheus. */
export interface PanelQuery {
	readonly dashboard: string;
	readonly panel: number;
	readonly title: string;
	readonly refId: string;
	readonly expr: string;
	/** Whether it asks for the present alone. */
	readonly isInstant: boolean;
	/** Whether it asks for single requests, and for nothing else. */
	readonly ofExemplars: boolean;
	/** Seconds from one point to the next are not fewer. */
	readonly leastStep: number;
	readonly legend: string;
	readonly format: string;
}

/** The dashboards of a folder in grafana/, as Grafana reads them. */
export function dashboardsIn(name: string): Dashboard[] {
	const folder = fileURLToPath(
		new URL(`../../../grafana/${name}`, import.meta.url),
	);
	return readdirSync(folder)
		.filter((name) => name.endsWith(".json"))
		.map((name) =>
			dashboard.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))),
		);
}

export const dashboards: readonly Dashboard[] = dashboardsIn("dashboards");

/** What the panels of a dashboard ask Prometheus; what they ask others is left out. */
export function queriesOf({ uid, panels }: Dashboard): PanelQuery[] {
	return panels.flatMap(({ id, title, interval, targets }) =>
		targets
			.filter(({ datasource }) => datasource.type === "prometheus")
			.map(({ refId, expr = "", instant, exemplar, legendFormat, format }) => ({
				dashboard: uid,
				panel: id,
				title,
				refId,
				expr,
				isInstant: instant,
				ofExemplars: exemplar,
				leastStep: interval,
				legend: legendFormat,
				format,
			})),
	);
}
