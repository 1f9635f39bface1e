import { z } from "zod";
import type { Ask } from "./ask.ts";
import type { Dashboard, Variable } from "./dashboard-files.ts";
import { asRegex, substitute, type Values } from "./fill-in.ts";

const labelValues = z.object({ data: z.array(z.string()) });
const everything = ".*";

/** The values that a variable offers, beside "All". */
export async function valuesOf(
	{ name, type, query }: Variable,
	ask: Ask,
	others: Values,
): Promise<string[]> {
	const [, series, label] =
		/^label_values\((?:(.+), *)?(\w+)\)$/s.exec(query) ?? [];
	if (type !== "query" || label === undefined) {
		throw new Error(`how does Grafana fill ${name}? ${query}`);
	}
	const answer = await ask(`label/${label}/values`, {
		...(series && { "match[]": substitute(series, others) }),
	});
	return labelValues.parse(answer).data;
}

/** "All" of every variable. */
export function allOf({ templating }: Dashboard): Values {
	return Object.fromEntries(
		templating.list.map(({ name, includeAll, allValue }) => {
			if (!includeAll || allValue !== everything) {
				throw new Error(`"All" of ${name} is not ${everything}`);
			}
			return [name, everything];
		}),
	);
}

/** Each way to choose one value of a variable, and "All" of the others. */
export async function choicesOf(
	dashboard: Dashboard,
	name: string,
	ask: Ask,
): Promise<Values[]> {
	const all = allOf(dashboard);
	const variable = dashboard.templating.list.find((each) => each.name === name);
	if (variable === undefined) throw new Error(`there is no variable ${name}`);
	const values = await valuesOf(variable, ask, all);
	return values.map((value) => ({ ...all, [name]: asRegex(value) }));
}
