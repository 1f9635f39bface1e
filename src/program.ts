import { Command } from "commander";
import { check } from "./commands/check.ts";
import type { StartDemo } from "./commands/demo.ts";
import { ConfigError } from "./config/config-error.ts";
import { ListenError } from "./server/listen.ts";
import { version } from "./version.ts";

/**
 * Runs the command that the process was called with.
 * @param startDemo what `start` starts to monitor where no configuration is given
 */
export async function runProgram(startDemo?: StartDemo): Promise<void> {
	try {
		await createProgram(startDemo).parseAsync();
	} catch (error) {
		if (!(error instanceof ConfigError || error instanceof ListenError)) {
			throw error;
		}
		console.error(error.message);
		process.exitCode = 1;
	}
}

function createProgram(startDemo: StartDemo | undefined): Command {
	const program = new Command("adult-matching-monitoring")
		.description(
			"Monitoring for Supabase Edge Functions, Node backends, Postgres and an ML recommender.",
		)
		.version(version);

	program
		.command("start", { isDefault: true })
		.description(
			"monitor this machine, its Postgres and the components that the configuration names",
		)
		.option("-c, --config <file>", "configuration file (YAML or JSON)")
		.option(
			"-p, --port <port>",
			"port of /metrics, /health, /ready and /status",
		)
		.action(async (options) => {
			// Loaded only here: `check` needs none of the telemetry.
			const { start } = await import("./commands/start.ts");
			await start(options, startDemo);
		});

	program
		.command("check")
		.description("validate the configuration and print what is in effect")
		.option("-c, --config <file>", "configuration file (YAML or JSON)")
		.action(check);
	return program;
}
