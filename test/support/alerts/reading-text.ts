import { z } from "zod";
import type { Panel } from "../dashboards/dashboard-files.ts";

const mappings = z.array(
	z.object({ type: z.string(), options: z.record(z.string(), z.unknown()) }),
);
const meaning = z.object({ text: z.string() });

/** How Grafana writes the units that panels of alerts have: by what a value is multiplied, and what stands behind it. */
const units: Readonly<Record<string, readonly [factor: number, sign: string]>> =
	{
		none: [1, ""],
		percent: [1, " %"],
		percentunit: [100, " %"],
		ms: [1, " ms"],
		reqps: [1, " req/s"],
		cps: [1, " c/s"],
		bytes: [1, " B"],
	};

/** A value as a panel shows it, to three digits. */
export function textOf(
	reading: number | undefined,
	panel: Panel,
	refId: string,
): string {
	if (reading === undefined) return "nothing";
	const property = (id: string) => propertyOf(panel, refId, id);
	const words = mappings
		.parse(property("mappings") ?? [])
		.map(({ options }) => meaning.safeParse(options[`${reading}`]).data?.text)
		.find((text) => text !== undefined);
	if (words !== undefined) return words;
	const unit = z.string().parse(property("unit"));
	const [factor, sign] = (unit === "s" ? inTime(reading) : units[unit]) ?? [];
	if (factor === undefined) throw new Error(`how is ${unit} written?`);
	return `${Number((reading * factor).toPrecision(3))}${sign}`;
}

function inTime(seconds: number): readonly [factor: number, sign: string] {
	if (seconds >= 86_400) return [1 / 86_400, " days"];
	if (seconds >= 3600) return [1 / 3600, " hours"];
	return seconds >= 60 ? [1 / 60, " min"] : [1, " s"];
}

/** Of the query's own override, which in a table is that of its column, else of the whole panel. */
function propertyOf(
	{ fieldConfig: { defaults, overrides } }: Panel,
	refId: string,
	id: string,
): unknown {
	const fields: unknown[] = [refId, "Value", `Value #${refId}`];
	const own = overrides
		.filter(({ matcher }) => fields.includes(matcher.options))
		.flatMap(({ properties }) => properties)
		.find((property) => property.id === id);
	return own?.value ?? defaults[id];
}
