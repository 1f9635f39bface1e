import { stringify } from "yaml";
import { variables } from "../config/environment.ts";
import { readSettings } from "../settings.ts";
import { masker } from "../telemetry/mask.ts";

/** Validates the configuration and prints what is in effect, with secrets masked. */
export async function check(options: { config?: string }): Promise<void> {
	const { env } = process;
	const settings = readSettings({ file: options.config, environment: env });
	const mask = masker(settings.secrets);
	const set = variables.flatMap((variable) => {
		const file = env[`${variable.name}_FILE`];
		if ("secret" in variable && file) {
			return [`# ${variable.name} is set, by the file ${file}`];
		}
		const value = env[variable.name];
		if (!value) return [];
		const shown = "secret" in variable ? "***" : value;
		return [`# ${variable.name}=${shown}`];
	});
	const lines = [
		`# ${settings.file ?? "no configuration file; the defaults"}: valid`,
		...set,
		stringify(settings.config).trimEnd(),
	];
	console.log(mask(lines.join("\n")));
}
