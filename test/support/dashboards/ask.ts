import { z } from "zod";
import type { PanelQuery } from "./dashboard-files.ts";
import { fillIn, stepOf, type TimeRange, type Values } from "./fill-in.ts";

/** Asks Prometheus' API. */
export type Ask = (
	api: string,
	parameters: Readonly<Record<string, string>>,
) => Promise<unknown>;

export interface Series {
	readonly labels: Readonly<Record<string, string>>;
	/** Times in seconds, and values as Prometheus writes them; one sample of an instant query. */
	readonly samples: readonly (readonly [time: number, value: string])[];
}

const sample = z.tuple([z.number(), z.string()]);
const answer = z.object({
	data: z.object({
		result: z.array(
			z.object({
				metric: z.record(z.string(), z.string()),
				value: sample.optional(),
				values: z.array(sample).optional(),
			}),
		),
	}),
});

const exemplars = z.object({
	data: z.array(
		z.object({
			exemplars: z.array(
				z.object({ labels: z.object({ trace_id: z.string() }) }),
			),
		}),
	),
});

/** @throws Error with what Prometheus says, if it does not like the question */
export function prometheusAt(url: string): Ask {
	return async (api, parameters) => {
		const query = new URLSearchParams(parameters);
		const response = await fetch(`${url}/api/v1/${api}?${query}`);
		if (response.ok) return await response.json();
		throw new Error(`${query}: ${response.status} ${await response.text()}`);
	};
}

type Question = Pick<PanelQuery, "expr" | "isInstant" | "leastStep">;

/** What Grafana sends for a panel, up to a time in seconds. */
export function requestOf(
	{ expr, isInstant, leastStep }: Question,
	range: TimeRange,
	values: Values,
	end: number,
): Parameters<Ask> {
	const query = fillIn(expr, range, values, leastStep);
	if (isInstant) return ["query", { query, time: `${end}` }];
	return [
		"query_range",
		{
			query,
			start: `${end - range.seconds}`,
			end: `${end}`,
			step: `${stepOf(range, leastStep)}`,
		},
	];
}

/** Asks as Grafana does for a panel. */
export async function askFor(
	query: Question,
	range: TimeRange,
	values: Values,
	ask: Ask,
): Promise<Series[]> {
	const request = requestOf(query, range, values, Date.now() / 1000);
	const { data } = answer.parse(await ask(...request));
	return data.result.map(({ metric, value, values: samples }) => ({
		labels: metric,
		samples: samples ?? (value ? [value] : []),
	}));
}

/** The ids of the traces of a query's single requests, asked for as Grafana does. */
export async function tracesFor(
	{ expr, leastStep }: PanelQuery,
	range: TimeRange,
	values: Values,
	ask: Ask,
): Promise<string[]> {
	const end = Date.now() / 1000;
	const { data } = exemplars.parse(
		await ask("query_exemplars", {
			query: fillIn(expr, range, values, leastStep),
			start: `${end - range.seconds}`,
			end: `${end}`,
		}),
	);
	return data
		.flatMap((series) => series.exemplars)
		.map(({ labels }) => labels.trace_id);
}
