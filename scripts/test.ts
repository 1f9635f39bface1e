import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

// Runs every check of the project; what `npm test` and CI run.

const root = fileURLToPath(new URL("../", import.meta.url));
const bin = join(root, "node_modules/.bin");
const report = join(tmpdir(), `test-report-${process.pid}.json`);

await step("biome", ["ci", "--error-on-warnings"]);
await step("tsc", []);
await step("tsc", ["--project", "examples"]);
await step("tsc", ["--project", "supabase/functions"]);
await step("node", ["scripts/programs.ts"]);
await step("vitest", [
	"run",
	"--reporter=default",
	"--reporter=json",
	`--outputFile.json=${report}`,
	...process.argv.slice(2),
]);
closingLine();

/** Runs a program of the project, and ends with its exit code if it fails. */
async function step(program: string, args: readonly string[]): Promise<void> {
	console.log(`\n> ${[program, ...args].join(" ")}`);
	const child = spawn(join(bin, program), args, {
		cwd: root,
		stdio: "inherit",
		shell: process.platform === "win32",
	});
	const code = await new Promise<number>((resolve, reject) => {
		child.on("error", reject);
		child.on("exit", (exitCode) => resolve(exitCode ?? 1));
	});
	if (code === 0) return;
	console.error(`${program} failed`);
	process.exit(code);
}

/** Says how many tests ran. In CI every one must. */
function closingLine(): void {
	const { numPassedTests, numFailedTests, numPendingTests } = z
		.object({
			numPassedTests: z.int(),
			numFailedTests: z.int(),
			numPendingTests: z.int(),
		})
		.parse(JSON.parse(readFileSync(report, "utf8")));
	rmSync(report);
	if (process.env.CI && numPendingTests > 0) {
		console.error("tests were skipped, which CI does not allow");
		process.exitCode = 1;
	}
	console.log(
		`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`,
	);
}
