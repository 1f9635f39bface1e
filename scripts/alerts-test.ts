// Replays real faults, each until its message comes and until the one that it is over: npm run alerts:test [-- <Alert> …]
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { closest } from "fastest-levenshtein";
import { readRecords } from "../test/support/alerts/proof-records.ts";
import { alertNames, alerts, root } from "../test/unit/alerts/alert-files.ts";

const names = process.argv.slice(2);
const unknown = names.filter((name) => !alertNames.includes(name));
for (const name of unknown) {
	const near = closest(name, alertNames);
	process.stderr.write(`no alert is named ${name}; did you mean ${near}?\n`);
}
if (unknown.length > 0) process.exit(1);

const chosen = names.length === 0 ? alertNames : names;
const files = [
	...new Set(
		alerts
			.filter(({ alert }) => chosen.includes(alert))
			.map(({ file }) => file.replace(/\.yaml$/, "")),
	),
];
run("vitest", [
	"run",
	...files.map((file) => `test/e2e/alerts/${file}.test.ts`),
	// The title of a test is the alert, its severity, and the fault.
	...(names.length === 0 ? [] : ["-t", `\\b(${names.join("|")}) \\w+`]),
]);
run("node", [join(root, "test/unit/alerts/write-docs.ts")]);
for (const record of files.flatMap(readRecords)) {
	if (!chosen.includes(record.alert)) continue;
	const { alert, severity, fault, seconds, message } = record;
	console.log(`${alert}, ${severity}: ${fault}\n  ${seconds} s: ${message}`);
}

function run(program: string, args: readonly string[]): void {
	const { status } = spawnSync(join(root, "node_modules/.bin", program), args, {
		cwd: root,
		stdio: "inherit",
		env: { ...process.env, ALERT_PROOFS: "write" },
	});
	if (status !== 0) process.exit(status ?? 1);
}
