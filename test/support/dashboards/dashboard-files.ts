import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const folder = fileURLToPath(
	new URL("../../../grafana/dashboards", import.meta.url),
);

const target = z.looseObject({
	refId: z.string(),
	datasource: z.object({ type: z.string() }),
	expr: z.string().optional(),
	instant: z.boolean().default(false),
	legendFormat: z.string().default(""),
	format: z.string().default("time_series"),
});
const panel = z.looseObject({
	id: z.int(),
	title: z.string().default(""),
	type: z.string(),
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
	readonly legend: string;
	readonly format: string;
}

/** The dashboards as Grafana reads them. */
export const dashboards: readonly Dashboard[] = readdirSync(folder)
	.filter((name) => name.endsWith(".json"))
	.map((name) =>
		dashboard.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))),
	);

/** What the panels of a dashboard ask Prometheus; what they ask others is left out. */
export function queriesOf({ uid, panels }: Dashboard): PanelQuery[] {
	return panels.flatMap(({ id, title, targets }) =>
		targets
			.filter(({ datasource }) => datasource.type === "prometheus")
			.map(({ refId, expr = "", instant, legendFormat, format }) => ({
				dashboard: uid,
				panel: id,
				title,
				refId,
				expr,
				isInstant: instant,
				legend: legendFormat,
				format,
			})),
	);
}
