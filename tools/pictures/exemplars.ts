import { z } from "zod";
import type { Ask, Series } from "../../test/support/dashboards/ask.ts";
import type { PanelQuery } from "../../test/support/dashboards/dashboard-files.ts";
import {
	fillIn,
	stepOf,
	type TimeRange,
	type Values,
} from "../../test/support/dashboards/fill-in.ts";

const answer = z.object({
	data: z.array(
		z.object({
			exemplars: z.array(
				z.object({ timestamp: z.number(), value: z.coerce.number() }),
			),
		}),
	),
});

interface Request {
	readonly timestamp: number;
	readonly value: number;
}

/** The single requests that Grafana asks for and shows for a query. */
export async function singleRequests(
	{ expr, leastStep }: PanelQuery,
	range: TimeRange,
	values: Values,
	ask: Ask,
): Promise<Series> {
	const end = Date.now() / 1000;
	const { data } = answer.parse(
		await ask("query_exemplars", {
			query: fillIn(expr, range, values, leastStep),
			start: `${end - range.seconds}`,
			end: `${end}`,
		}),
	);
	const requests = data.flatMap(({ exemplars }) => exemplars);
	const chosen = someOf(requests, stepOf(range, leastStep));
	return {
		labels: {},
		samples: chosen.map(({ timestamp, value }) => [timestamp, `${value}`]),
	};
}

/** As Grafana chooses: of each step the largest, then only those that are further than two standard deviations below the one before. */
function someOf(requests: readonly Request[], step: number): Request[] {
	const apart = 2 * deviationOf(requests.map(({ value }) => value));
	const chosen: Request[] = [];
	for (const inStep of Map.groupBy(requests, ({ timestamp }) =>
		Math.floor(timestamp / step),
	).values()) {
		let last = Infinity;
		for (const request of inStep.toSorted((a, b) => b.value - a.value)) {
			if (last - request.value <= apart) continue;
			chosen.push(request);
			last = request.value;
		}
	}
	return chosen;
}

function deviationOf(values: readonly number[]): number {
	const sum = (numbers: readonly number[]) =>
		numbers.reduce((total, number) => total + number, 0);
	const mean = sum(values) / values.length;
	const squares = sum(values.map((value) => (value - mean) ** 2));
	return Math.sqrt(squares / Math.max(1, values.length - 1));
}
