import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { allOrChosen } from "../../src/dashboards/records.ts";
import { substitute } from "../support/dashboards/fill-in.ts";
import { removeFolder, temporaryFolder } from "../support/monitor-process.ts";
import { program } from "../support/program.ts";

const promtool = program("promtool");

let folder: string;
beforeAll(() => {
	folder = temporaryFolder();
});
afterAll(() => removeFolder(folder));

/** A record of all functions together, and what each has by itself. */
const series = {
	"level:metric:sum": 30,
	'metric{function="feed"}': 1,
	'metric{function="search"}': 2,
	'metric{function="users"}': 4,
};

const query = `sum (${allOrChosen(
	"function",
	(isAll) => `level:metric:sum{${isAll}}`,
	(isChoice) => `metric{function=~"$function",${isChoice}}`,
)})`;

test.skipIf(promtool.isMissing).each([
	["All", ".*", 30],
	["one", "feed", 1],
	["several", "(feed|search)", 3],
	["one that is not there", "shop", undefined],
])(
	"with %s chosen, Prometheus finds that and nothing else",
	(_, value, sum) => {
		const file = join(folder, "choice.yaml");
		const check = {
			expr: substitute(query, { function: value }),
			eval_time: "1m",
			exp_samples: sum === undefined ? [] : [{ labels: "{}", value: sum }],
		};
		const input = Object.entries(series).map(([name, constant]) => ({
			series: name,
			values: `${constant}x5`,
		}));
		writeFileSync(
			file,
			stringify({
				tests: [
					{ interval: "1m", input_series: input, promql_expr_test: [check] },
				],
			}),
		);
		const { stdout, stderr } = spawnSync(
			promtool.path,
			["test", "rules", file],
			{
				encoding: "utf8",
			},
		);
		expect(stdout + stderr).toContain("SUCCESS");
	},
);
