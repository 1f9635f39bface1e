import type { Logger } from "pino";
import type { Settings } from "./config/load.ts";
import type { ConfigInput } from "./config/schema/schema.ts";
import { IntegrationMonitor } from "./integration/monitor.ts";
import { Runtime } from "./runtime.ts";
import { readSettings } from "./settings.ts";
import { SystemMonitor } from "./system/monitor.ts";
import { createLog } from "./telemetry/log.ts";

/**
 * A system monitor and an integration monitor that share server, telemetry and history.
 * Without a configuration, the file of `MONITORING_CONFIG` or `./monitoring.yaml` is read, if there is one.
 * @throws ConfigError with every mistake, a line each
 */
export function createUnifiedMonitor(
	config?: ConfigInput,
): [SystemMonitor, IntegrationMonitor] {
	const runtime = runtimeFor(config);
	return [new SystemMonitor(runtime), new IntegrationMonitor(runtime)];
}

/** A system monitor alone; see `createUnifiedMonitor`. */
export function createSystemMonitor(config?: ConfigInput): SystemMonitor {
	return new SystemMonitor(runtimeFor(config));
}

/** An integration monitor alone; see `createUnifiedMonitor`. */
export function createIntegrationMonitor(
	config?: ConfigInput,
): IntegrationMonitor {
	return new IntegrationMonitor(runtimeFor(config));
}

/** The log that settings ask for: short lines for a person at a terminal, else JSON. */
export function logFor(settings: Settings, forTerminal: boolean): Logger {
	return createLog({
		level: settings.config.log_level,
		secrets: settings.secrets,
		forTerminal,
		write: (line) => process.stdout.write(line),
	});
}

function runtimeFor(config: ConfigInput | undefined): Runtime {
	const settings = readSettings({ config, environment: process.env });
	return new Runtime(settings, logFor(settings, false));
}
