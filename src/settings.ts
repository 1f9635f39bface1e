import { linkProblems } from "./config/links.ts";
import { loadSettings, type Settings, type Sources } from "./config/load.ts";
import type { Problem } from "./config/problems.ts";
import type { Config } from "./config/schema/schema.ts";
import { databaseName } from "./integration/components.ts";
import { variableProblems } from "./integration/flow/problems.ts";
import { measurementProblems } from "./integration/measurement-names.ts";

/**
 * Reads file, environment and command line into settings that all parts of the monitor can work with.
 * @throws ConfigError with every mistake, a line each
 */
export function readSettings(sources: Sources): Settings {
	return loadSettings(sources, problemsOfUse);
}

/** What is right in form, and could not work all the same. */
function problemsOfUse(config: Config): Problem[] {
	return [
		...linkProblems(config, [databaseName]),
		...measurementProblems(config),
		...Object.entries(config.flows).flatMap(([name, flow]) =>
			variableProblems(flow).map(({ path, sentence }) => ({
				path: ["flows", name, ...path],
				sentence,
			})),
		),
	];
}
