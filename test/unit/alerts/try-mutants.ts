// Makes one mistake at a time in the rules, and tells which ones no test finds:
// node scripts/run.mjs test/unit/alerts/try-mutants.ts [file of rules …]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import {
	removeFolder,
	temporaryFolder,
} from "../../support/monitor-process.ts";
import { program } from "../../support/program.ts";
import {
	type Alert,
	alerts,
	ruleFiles,
	testFolder,
	titleOf,
} from "./alert-files.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";

const promtool = program("promtool");
const wanted = process.argv.slice(2);
const folder = temporaryFolder();
const waiting = alerts
	.filter(({ file }) => wanted.length === 0 || wanted.includes(file))
	.flatMap((alert) => mutantsOf(alert).map((mutant) => ({ alert, mutant })));
const all = waiting.length;
const survivors: string[] = [];

// What finds fault with the rules as they are would find every mutant.
for (const alert of new Map(
	waiting.map((each) => [each.alert.alert, each.alert]),
).values()) {
	const same = { what: "nothing", expr: alert.expr, for: alert.for };
	if (!(await survives(alert, same, "as-it-is.yaml"))) {
		throw new Error(`the tests of ${alert.alert} fail without a mistake`);
	}
}
console.log(`${all} mutants`);
await Promise.all(Array.from({ length: availableParallelism() }, work));
removeFolder(folder);
console.log(`${all - survivors.length} of ${all} are found`);
for (const line of survivors.toSorted()) console.log(line);
// 95 % have to be found.
process.exitCode = survivors.length > all * 0.05 ? 1 : 0;

async function work(_: unknown, worker: number): Promise<void> {
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const { alert, mutant } = next;
		if (await survives(alert, mutant, `mutant-${worker}.yaml`)) {
			survivors.push(`${titleOf(alert)}: ${mutant.what}`);
		}
	}
}

/** Whether the alert's tests find nothing wrong. */
async function survives(alert: Alert, mutant: Mutant, name: string) {
	const path = join(folder, name);
	writeFileSync(path, stringify({ groups: groupsWith(alert, mutant) }));
	const tests = readFileSync(join(testFolder, alert.file), "utf8");
	const testPath = join(folder, `test-${name}`);
	writeFileSync(testPath, tests.replace(`../rules/${alert.file}`, path));
	const child = spawn(
		promtool.path,
		["test", "rules", `--run=^${alert.alert}:`, testPath],
		{ stdio: "ignore" },
	);
	const [code] = await once(child, "exit");
	return code === 0;
}

/** The recording rules of the alert's file, the alert's other rules, and the mutant in the place of this one. */
function groupsWith({ file, alert, expr }: Alert, mutant: Mutant) {
	const groups = ruleFiles.find((rules) => rules.file === file)?.content.groups;
	return groups?.map((group) => ({
		...group,
		rules: group.rules
			.filter((rule) => "record" in rule || rule.alert === alert)
			.map((rule) =>
				rule.expr === expr
					? { ...rule, expr: mutant.expr, for: mutant.for }
					: rule,
			),
	}));
}
