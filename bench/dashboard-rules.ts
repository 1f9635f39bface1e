// What it takes Prometheus to record each minute what the dashboards' graphs read, of 50 edge functions with a sample each 5 s, as
// the collector sends them: medians of five. node bench/dashboard-rules.ts
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ask } from "../test/support/dashboards/ask.ts";
import { ruleFiles } from "../test/unit/alerts/alert-files.ts";
import { makeBlocks } from "./dashboards/blocks.ts";
import { withPrometheus } from "./dashboards/prometheus.ts";
import { seriesFor } from "./dashboards/series.ts";
import { median } from "./median.ts";

const rounds = 5;
const end = Math.floor(Date.now() / 60_000) * 60;
const groups =
	ruleFiles.find(({ file }) => file === "dashboards.yaml")?.content.groups ??
	[];
const rules = groups.flatMap((group) => group.rules);
const folder = mkdtempSync(join(tmpdir(), "bench-dashboard-rules-"));
try {
	const read = seriesFor(rules.map(({ expr }) => expr));
	await makeBlocks(folder, read, { days: 1 / 24, end, interval: 5 });
	const recorded = seriesFor(
		rules.flatMap((rule) => ("record" in rule ? rule.record : [])),
	);
	const rare = recorded.filter(({ isRare }) => isRare);
	console.log(
		`${read.length} series are read, ${recorded.length} recorded, ${rare.length} of them while there are errors`,
	);
	await withPrometheus(folder, report);
} finally {
	rmSync(folder, { recursive: true });
}

async function report(ask: Ask): Promise<void> {
	for (const { name, rules } of groups) {
		const times: number[] = [];
		for (let round = 0; round < rounds; round++) {
			const begin = performance.now();
			for (const { expr } of rules) {
				await ask("query", { query: expr, time: `${end}` });
			}
			times.push(performance.now() - begin);
		}
		console.log(`${name}: ${median(times).toFixed(0)} ms`);
	}
}
