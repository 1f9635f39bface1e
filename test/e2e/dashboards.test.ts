import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	type Ask,
	askFor,
	prometheusAt,
	tracesFor,
} from "../support/dashboards/ask.ts";
import {
	dashboards,
	type PanelQuery,
	queriesOf,
} from "../support/dashboards/dashboard-files.ts";
import {
	type TimeRange,
	timeRanges,
	type Values,
	variablesIn,
} from "../support/dashboards/fill-in.ts";
import {
	emptyOnTheDemo,
	emptyWhileAllIsWell,
	reasonIn,
} from "../support/dashboards/may-be-empty.ts";
import { allOf, choicesOf, valuesOf } from "../support/dashboards/variables.ts";
import { WatchedDemo } from "../support/dashboards/watched-demo.ts";
import { isStackMissing } from "../support/stack.ts";

let demo: WatchedDemo;

const ask: Ask = (api, parameters) =>
	prometheusAt(demo.stack.urls.prometheus)(api, parameters);

/** Within so many seconds of its start, the demo has all that can be seen: jobs run, rules are evaluated. */
const settling = 240;
let settled = 0;

beforeAll(async () => {
	if (isStackMissing) return;
	demo = await WatchedDemo.start({ interval: 2, rate: 8 });
	settled = Date.now() + settling * 1000;
	await demo.fail(5);
}, 120_000);
afterAll(async () => {
	await demo?.end();
}, 60_000);

/** Whether there is a number to see, or a trace to open. */
async function hasData(
	query: PanelQuery,
	range: TimeRange,
	values: Values,
): Promise<boolean> {
	if (query.ofExemplars) {
		return (await tracesFor(query, range, values, ask)).length > 0;
	}
	const series = await askFor(query, range, values, ask);
	return series.some(({ samples }) =>
		samples.some(([, value]) => Number.isFinite(Number(value))),
	);
}

/** What stays without data; asked at least once, and again while the demo has time. */
async function staysEmpty<Item>(
	items: readonly Item[],
	isThere: (item: Item) => Promise<boolean>,
): Promise<readonly Item[]> {
	let empty = items;
	for (;;) {
		empty = await without(empty, isThere);
		if (empty.length === 0 || Date.now() > settled) return empty;
		await sleep(200);
	}
}

async function without<Item>(
	items: readonly Item[],
	isThere: (item: Item) => Promise<boolean>,
): Promise<Item[]> {
	const empty: Item[] = [];
	for (const item of items) {
		if (!(await isThere(item))) empty.push(item);
	}
	return empty;
}

function namesOf(queries: readonly PanelQuery[]): string[] {
	return queries.map(
		({ dashboard, panel, refId, title }) =>
			`${dashboard} ${panel} ${refId}: ${title}`,
	);
}

describe.skipIf(isStackMissing).for(dashboards)("on $title", (dashboard) => {
	const all = allOf(dashboard);
	const queries = queriesOf(dashboard);
	const empty = queries.filter((query) => reasonIn(emptyOnTheDemo, query));
	const wellEmpty = queries.filter((query) =>
		reasonIn(emptyWhileAllIsWell, query),
	);
	const filled = queries.filter(
		(query) => !empty.includes(query) && !wellEmpty.includes(query),
	);

	test("there is a query of Prometheus", () => {
		expect(filled.length).toBeGreaterThan(0);
	});

	test("each variable offers a value", async () => {
		const empty = await staysEmpty(
			dashboard.templating.list,
			async (variable) => (await valuesOf(variable, ask, all)).length > 0,
		);
		expect(empty.map(({ name }) => name)).toEqual([]);
	}, 300_000);

	test.for(timeRanges)(
		"every query has data at $name",
		{ timeout: 300_000 },
		async (range) => {
			const left = await staysEmpty(filled, (query) =>
				hasData(query, range, all),
			);
			expect(namesOf(left)).toEqual([]);
		},
	);

	test.for(timeRanges)(
		"every query has data at $name for one value of each of its variables",
		{ timeout: 300_000 },
		async (range) => {
			const left = await staysEmpty(filled, async (query) => {
				for (const name of variablesIn(query.expr)) {
					const choices = await choicesOf(dashboard, name, ask);
					if (!(await anyHasData(query, range, choices))) return false;
				}
				return true;
			});
			expect(namesOf(left)).toEqual([]);
		},
	);

	test("what shows that something is wrong asks well", async () => {
		for (const range of timeRanges) {
			await without(wellEmpty, (query) => hasData(query, range, all));
		}
	}, 60_000);

	test("what is said to be empty on the demo is empty, and asks well", async () => {
		for (const range of timeRanges) {
			const left = await without(empty, (query) => hasData(query, range, all));
			expect(namesOf(left)).toEqual(namesOf(empty));
		}
	}, 60_000);

	test("every annotation asks well", async () => {
		for (const { expr, datasource } of dashboard.annotations.list) {
			if (datasource.type !== "prometheus" || expr === undefined) continue;
			for (const range of timeRanges) {
				await askFor({ expr, isInstant: false, leastStep: 0 }, range, all, ask);
			}
		}
	});
});

async function anyHasData(
	query: PanelQuery,
	range: TimeRange,
	choices: readonly Values[],
): Promise<boolean> {
	for (const values of choices) {
		if (await hasData(query, range, values)) return true;
	}
	return false;
}

test("nothing is said to be empty that is on no dashboard", () => {
	const said = [emptyOnTheDemo, emptyWhileAllIsWell].flatMap((reasons) =>
		Object.entries(reasons).flatMap(([uid, queries]) =>
			Object.keys(queries).map((key) => `${uid} ${key}`),
		),
	);
	const there = dashboards.flatMap((dashboard) =>
		queriesOf(dashboard).map(
			({ panel, refId }) => `${dashboard.uid} ${panel} ${refId}`,
		),
	);
	expect(said.filter((each) => !there.includes(each))).toEqual([]);
});
