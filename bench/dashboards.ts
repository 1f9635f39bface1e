// How long the dashboards' queries take on 15 days of 50 edge functions, one at a time: medians of five, and the ratio to the
// same query at 15 min. node bench/dashboards.ts [seconds between samples, 60; those of records are always 60] [dashboard's uid ...]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ask, requestOf } from "../test/support/dashboards/ask.ts";
import {
	type Dashboard,
	dashboards,
	type PanelQuery,
	queriesOf,
} from "../test/support/dashboards/dashboard-files.ts";
import {
	type TimeRange,
	timeRangesAt,
	variablesIn,
} from "../test/support/dashboards/fill-in.ts";
import { allOf, choicesOf } from "../test/support/dashboards/variables.ts";
import { makeBlocks } from "./dashboards/blocks.ts";
import { withPrometheus } from "./dashboards/prometheus.ts";
import { seriesFor } from "./dashboards/series.ts";
import { median } from "./median.ts";

const aim = 200;
const rounds = 5;
const days = 15;
const [seconds = "60", ...uids] = process.argv.slice(2);
const interval = Number(seconds);
const chosen = dashboards.filter(
	({ uid }) => uids.length === 0 || uids.includes(uid),
);
const end = Math.floor(Date.now() / 60_000) * 60;

const folder = mkdtempSync(join(tmpdir(), "bench-dashboards-"));
try {
	const queries = chosen.flatMap(queriesOf);
	const series = seriesFor(queries.map(({ expr }) => expr));
	const count = await makeBlocks(folder, series, { days, end, interval });
	console.log(
		`${series.length} series, ${(count / 1e6).toFixed(0)} million samples, one each ${interval} s, ${queries.length} queries`,
	);
	await withPrometheus(folder, report);
} finally {
	rmSync(folder, { recursive: true });
}

interface Timed extends PanelQuery {
	readonly range: TimeRange;
	readonly ms: number;
}

async function report(ask: Ask): Promise<void> {
	const ranges = timeRangesAt(interval);
	const times: Timed[] = [];
	for (const dashboard of chosen) {
		for (const query of queriesOf(dashboard)) {
			for (const range of ranges) {
				const request = requestOf(query, range, allOf(dashboard), end);
				times.push({ ...query, range, ms: await timeOf(ask, request) });
			}
		}
	}
	console.log(
		`| dashboard | range | queries | median, ms | slowest, ms | under ${aim} ms | to 15 min |`,
	);
	console.log("| --- | --- | --- | --- | --- | --- | --- |");
	for (const { uid } of [...chosen, { uid: "all" }]) {
		const own = times.filter(
			({ dashboard }) => uid === "all" || dashboard === uid,
		);
		for (const range of ranges) console.log(rowOf(uid, own, range, ranges));
	}
	const longest = ranges.at(-1);
	if (longest === undefined) throw new Error("there is no range");
	for (const dashboard of chosen) await reportChoices(dashboard, longest, ask);
	const slow = times
		.filter(({ ms }) => ms > aim)
		.toSorted((a, b) => b.ms - a.ms);
	for (const { dashboard, panel, refId, title, range, ms } of slow) {
		console.log(
			`${ms.toFixed(0)} ms at ${range.name}: ${dashboard} ${panel} ${refId}: ${title}`,
		);
	}
}

/** With one value of a variable chosen, and "All" of the others. */
async function reportChoices(
	dashboard: Dashboard,
	range: TimeRange,
	ask: Ask,
): Promise<void> {
	for (const { name } of dashboard.templating.list) {
		// Of which there is one only.
		if (name === "environment") continue;
		const [values] = await choicesOf(dashboard, name, ask);
		if (values === undefined) throw new Error(`${name} has no values`);
		const queries = queriesOf(dashboard).filter(({ expr }) =>
			variablesIn(expr).includes(name),
		);
		const times: number[] = [];
		for (const query of queries) {
			times.push(await timeOf(ask, requestOf(query, range, values, end)));
		}
		console.log(
			`${dashboard.uid} at ${range.name} with one ${name}: ${queries.length} queries, median ${median(times).toFixed(1)} ms, slowest ${Math.max(...times).toFixed(0)} ms`,
		);
	}
}

async function timeOf(ask: Ask, request: Parameters<Ask>): Promise<number> {
	const times: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const begin = performance.now();
		await ask(...request);
		times.push(performance.now() - begin);
	}
	return median(times);
}

function rowOf(
	uid: string,
	times: readonly Timed[],
	range: TimeRange,
	[shortest]: readonly TimeRange[],
): string {
	const at = (each: TimeRange | undefined) =>
		times.filter((time) => time.range === each).map(({ ms }) => ms);
	const all = at(range);
	const quick = all.filter((ms) => ms < aim).length;
	return `| ${[
		uid,
		range.name,
		all.length,
		median(all).toFixed(1),
		Math.max(...all).toFixed(0),
		`${((100 * quick) / all.length).toFixed(0)} %`,
		(median(all) / median(at(shortest))).toFixed(1),
	].join(" | ")} |`;
}
