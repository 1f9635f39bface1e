import { afterAll, beforeAll, expect, test } from "vitest";
import { allOrChosen } from "../../src/dashboards/records.ts";
import { answerTo } from "../support/dashboards/answer.ts";
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
	["All", ".*", { "{}": 30 }],
	["one", "feed", { "{}": 1 }],
	["several", "(feed|search)", { "{}": 3 }],
	["one that is not there", "shop", {}],
])(
	"with %s chosen, Prometheus finds that and nothing else",
	(_, value, expected) => {
		const asked = substitute(query, { function: value });
		expect(answerTo(promtool.path, folder, asked, series, expected)).toContain(
			"SUCCESS",
		);
	},
);
