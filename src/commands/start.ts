import { loadSettings, type Settings } from "../config/load.ts";
import { componentsOf } from "../integration/components.ts";
import { IntegrationMonitor } from "../integration/monitor.ts";
import { logFor } from "../monitors.ts";
import { Runtime } from "../runtime.ts";
import { SystemMonitor } from "../system/monitor.ts";
import { type Database, openDatabase } from "./database.ts";
import type { Demo, StartDemo } from "./demo.ts";
import { onSignal } from "./signals.ts";
import { summaryLines } from "./summary.ts";

export interface StartOptions {
	readonly config?: string;
	readonly port?: string;
}

/**
 * Monitors until a signal ends it.
 * @param startDemo starts something to monitor, where no configuration is given
 */
export async function start(
	options: StartOptions,
	startDemo?: StartDemo,
): Promise<void> {
	const given = loadSettings({
		file: options.config,
		port: options.port,
		environment: process.env,
	});
	const database = await openDatabase(given);
	const settings = withDatabase(given, database);
	const forTerminal = process.stdout.isTTY === true;
	const log = logFor(settings, forTerminal);
	const runtime = new Runtime(settings, log);
	const system = new SystemMonitor(runtime);
	let demo: Demo | undefined;
	let integration: IntegrationMonitor | undefined;

	const stop = async () => {
		await Promise.all([
			system.stopMonitoring(),
			integration?.stopMonitoring(),
			demo?.stop(),
		]);
		await database.stop();
	};
	onSignal(log, stop);
	const demoDatabase = settings.file === undefined ? database.url : undefined;
	const announce = async () => {
		const url = await runtime.url();
		if (!forTerminal || url === undefined) return;
		const withDemo = startDemo !== undefined && demoDatabase !== undefined;
		console.log(summaryLines(settings, database, url, withDemo).join("\n"));
	};
	try {
		await Promise.all([system.startMonitoring(), announce()]);
		log.info(
			{ url: await runtime.url(), database: database.description },
			`monitoring; the system is ${(await system.getSystemHealth())?.state}`,
		);
		if (startDemo && demoDatabase) {
			demo = await startDemo({
				databaseUrl: demoDatabase,
				log,
				// A person sees what the probes find; the demo's own lines are for programs.
				output: (line) => forTerminal || console.log(line),
			});
		}
		integration = new IntegrationMonitor(
			runtime,
			componentsOf({ ...settings.config, ...demo?.components }),
		);
		await integration.startIntegrationMonitoring();
	} catch (error) {
		await stop();
		throw error;
	}
}

function withDatabase(settings: Settings, { url }: Database): Settings {
	const secrets = url === undefined ? [] : [url];
	return {
		...settings,
		databaseUrl: url,
		secrets: [...settings.secrets, ...secrets],
	};
}
