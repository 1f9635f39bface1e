import { z } from "zod";
import { filesIn } from "../../../src/dashboards/files.ts";
import type { Language } from "../../../src/dashboards/text.ts";

const target = z.looseObject({
	refId: z.string(),
	datasource: z.object({ type: z.string(), uid: z.string() }),
	expr: z.string().optional(),
	instant: z.boolean().default(false),
	exemplar: z.boolean().default(false),
	legendFormat: z.string().optional(),
	query: z.string().optional(),
	queryType: z.string().optional(),
});
const property = z.object({ id: z.string(), value: z.unknown() });
const panel = z.looseObject({
	id: z.int(),
	type: z.string(),
	title: z.string(),
	description: z.string(),
	gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
	interval: z.string().optional(),
	targets: z.array(target),
	fieldConfig: z.looseObject({
		defaults: z.looseObject({
			unit: z.string(),
			noValue: z.string(),
			decimals: z.int().optional(),
		}),
		overrides: z.array(
			z.object({
				matcher: z.object({ id: z.string(), options: z.string() }),
				properties: z.array(property),
			}),
		),
	}),
});
const dashboard = z.looseObject({
	uid: z.string(),
	title: z.string(),
	tags: z.array(z.string()),
	schemaVersion: z.int(),
	editable: z.boolean(),
	templating: z.object({
		list: z.array(
			z.looseObject({
				name: z.string(),
				includeAll: z.boolean(),
				allValue: z.string(),
				multi: z.boolean(),
				datasource: z.object({ uid: z.string() }),
				query: z.object({ query: z.string() }),
			}),
		),
	}),
	annotations: z.object({
		list: z.array(
			z.looseObject({
				name: z.string(),
				expr: z.string(),
				datasource: z.object({ uid: z.string() }),
			}),
		),
	}),
	links: z.array(
		z.looseObject({
			type: z.string(),
			tags: z.array(z.string()),
			keepTime: z.boolean(),
			includeVars: z.boolean(),
		}),
	),
	panels: z.array(panel),
});

export type Written = z.infer<typeof dashboard>;
export type WrittenPanel = z.infer<typeof panel>;
export type WrittenTarget = z.infer<typeof target>;

/** The dashboards of a language, as Grafana reads them. */
export function writtenIn(language: Language): Written[] {
	return Object.values(filesIn(language)).map((text) =>
		dashboard.parse(JSON.parse(text)),
	);
}

export const written: readonly Written[] = writtenIn("en");

/** Every question to Prometheus, with what it is asked for. */
export const queries = written.flatMap(({ uid, panels }) =>
	panels.flatMap((panel) =>
		panel.targets.flatMap((target) =>
			target.expr === undefined
				? []
				: [{ uid, panel, target, expr: target.expr }],
		),
	),
);

/** A query in a few words, for messages of tests. */
export function nameOf({ uid, panel, target }: (typeof queries)[number]) {
	return `${uid} ${panel.id} ${target.refId}: ${panel.title}`;
}

/** The unit that a panel shows a query's values in. */
export function shownUnit(
	{ targets, fieldConfig: { defaults, overrides } }: WrittenPanel,
	{ refId }: WrittenTarget,
): string {
	const field = targets.length > 1 ? `Value #${refId}` : "Value";
	const own = overrides
		.filter(
			({ matcher: { id, options } }) =>
				(id === "byFrameRefID" && options === refId) ||
				(id === "byName" && options === field),
		)
		.flatMap(({ properties }) => properties)
		.find(({ id }) => id === "unit")?.value;
	return typeof own === "string" ? own : defaults.unit;
}
