import { existsSync } from "node:fs";
import { programPath } from "../../scripts/programs/cache.ts";
import type { ProgramName } from "../../scripts/programs/sources.ts";

/** A program that scripts/programs.ts builds. */
export interface Program {
	readonly path: string;
	/** Whether it is not built, so that tests with it are to be skipped: `test.skipIf(promtool.isMissing)(…)`. */
	readonly isMissing: boolean;
}

/**
 * Where a program is. Tells once if it is missing.
 * @throws Error if it is missing in CI, where no test may be skipped for it
 */
export function program(name: ProgramName): Program {
	const path = programPath(name);
	const isMissing = !existsSync(path);
	if (isMissing) {
		const message = `${name} is not built: run "node scripts/programs.ts ${name}"`;
		if (process.env.CI) throw new Error(message);
		process.stderr.write(`Tests are skipped: ${message}\n`);
	}
	return { path, isMissing };
}
