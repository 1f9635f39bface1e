// Builds the programs that the tests need and npm does not bring, once: node scripts/programs.ts [name …]
import { mkdirSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { build } from "./programs/build.ts";
import { folderOf, isBuilt, sourceOf } from "./programs/cache.ts";
import { CommandError, goVersion, isAtLeast } from "./programs/go.ts";
import { withLock } from "./programs/lock.ts";
import {
	type ProgramName,
	programNames,
	type Source,
} from "./programs/sources.ts";

process.exitCode = await buildMissing(process.argv.slice(2));

async function buildMissing(args: readonly string[]): Promise<number> {
	const unknown = args.filter((arg) => !isProgramName(arg));
	if (unknown.length > 0) {
		say(
			`no program is named ${unknown.join(", ")}: there are ${programNames.join(", ")}`,
		);
		return 1;
	}
	const wanted = args.length === 0 ? programNames : args.filter(isProgramName);

	// The builds leave the machine to whoever else works on it.
	setPriority(constants.priority.PRIORITY_LOW);
	const stop = new AbortController();
	for (const signal of ["SIGINT", "SIGTERM"] as const) {
		process.once(signal, () => stop.abort());
	}
	let failed = false;
	for (const source of new Set(wanted.map(sourceOf))) {
		const isThere = await provide(source, stop.signal);
		if (stop.signal.aborted) return 1;
		failed ||= !isThere;
	}
	return failed ? 1 : 0;
}

/** Whether all is well with a source: its programs are there, or may be missing. */
async function provide(source: Source, signal: AbortSignal): Promise<boolean> {
	if (isBuilt(source)) {
		say(`${describe(source)}: there already`);
		return true;
	}
	const obstacle = goObstacle(source, goVersion());
	if (obstacle === undefined) return await buildOnce(source, signal);
	say(`${describe(source)}: skipped, as ${obstacle}`);
	// On a developer's machine the tests that need them are skipped; CI must not skip any.
	return !process.env.CI;
}

function isProgramName(name: string): name is ProgramName {
	return programNames.some((known) => known === name);
}

function goObstacle(
	{ go }: Source,
	version: string | undefined,
): string | undefined {
	if (version === undefined) {
		return `there is no Go on the path: install Go ${go} or newer to have it`;
	}
	return isAtLeast(version, go)
		? undefined
		: `Go ${version} is too old: it takes ${go} or newer`;
}

/** Whether the programs are there in the end, whoever built them. */
async function buildOnce(
	source: Source,
	signal: AbortSignal,
): Promise<boolean> {
	const folder = folderOf(source);
	const onWait = () =>
		say(`${describe(source)}: waiting for the process that builds it already`);
	try {
		mkdirSync(folder, { recursive: true });
		await withLock(join(folder, "lock"), { onWait, signal }, async () => {
			if (isBuilt(source)) return;
			say(
				`${describe(source)}: building, about ${source.minutes} min the first time`,
			);
			const begin = performance.now();
			await build(source, signal);
			const seconds = ((performance.now() - begin) / 1000).toFixed(0);
			say(
				`${describe(source)}: built in ${seconds} s, in ${join(folder, "bin")}`,
			);
		});
		return true;
	} catch (error) {
		if (signal.aborted) {
			say(`${describe(source)}: stopped`);
		} else {
			if (error instanceof CommandError) say(error.output.trimEnd());
			const reason = error instanceof Error ? error.message : String(error);
			say(`${describe(source)}: not built: ${reason}`);
		}
		return false;
	}
}

function describe({ programs, version }: Source): string {
	return `${programs.join(", ")} ${version}`;
}

function say(line: string): void {
	process.stderr.write(`${line}\n`);
}
