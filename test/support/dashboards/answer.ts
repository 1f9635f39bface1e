import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

/** By the series' name and labels, as PromQL writes them. */
export type Samples = Readonly<Record<string, number>>;

/**
 * Asks the real Prometheus a query of series that stay what they are, in the tenth minute.
 * @returns what promtool says: `SUCCESS` if the answer is the expected one, else both
 */
export function answerTo(
	promtool: string,
	folder: string,
	query: string,
	series: Samples,
	expected: Samples,
): string {
	const file = join(folder, "answer.yaml");
	const samples = (all: Samples) => Object.entries(all);
	const check = {
		expr: query,
		eval_time: "10m",
		exp_samples: samples(expected).map(([labels, value]) => ({
			labels,
			value,
		})),
	};
	const input = samples(series).map(([name, value]) => ({
		series: name,
		values: `${value}x10`,
	}));
	const tests = [
		{ interval: "1m", input_series: input, promql_expr_test: [check] },
	];
	writeFileSync(file, stringify({ tests }));
	const { stdout, stderr } = spawnSync(promtool, ["test", "rules", file], {
		encoding: "utf8",
	});
	return stdout + stderr;
}
