import { availableParallelism, hostname, totalmem } from "node:os";
import type { Settings } from "../config/load.ts";
import { componentsOf } from "../integration/components.ts";
import { version } from "../version.ts";
import type { Database } from "./database.ts";

const gibibyte = 1024 ** 3;

/** What a person sees at the start: what is monitored, and where to look. */
export function summaryLines(
	settings: Settings,
	database: Database,
	url: string,
	withDemo: boolean,
): string[] {
	const { config } = settings;
	const components = componentsOf(config).map(({ name }) => name);
	const processes = Object.keys(config.processes);
	const rows: [string, string][] = [
		[
			"host",
			`${hostname()}, ${availableParallelism()} CPUs, ${Math.round(totalmem() / gibibyte)} GiB, every ${config.collection_interval} s`,
		],
		["postgres", database.description],
		["processes", listed(processes, "none; name them under `processes`")],
		[
			"components",
			withDemo
				? "those of the demo application, which starts now"
				: listed(
						components,
						"none; name them under `endpoints` and `ml_endpoints`",
					),
		],
		[
			"config",
			settings.file ?? "the defaults; write monitoring.yaml to change",
		],
		[
			"history",
			`${config.history.path}, ${config.history.retention_days} days`,
		],
		["metrics", `${url}/metrics`],
		["status", `${url}/status`],
		["health", `${url}/health, ${url}/ready`],
	];
	return [
		`Adult Matching Monitoring ${version} (Ctrl-C ends it)`,
		...rows.map(([name, value]) => `  ${name.padEnd(11)}${value}`),
		"",
	];
}

function listed(names: readonly string[], none: string): string {
	return names.length === 0 ? none : names.join(", ");
}
