import { randomUUID } from "node:crypto";
import type { Settings } from "../config/load.ts";
import { schema } from "../config/schema/schema.ts";
import { IntegrationMonitor } from "../integration/monitor.ts";
import { logFor } from "../monitors.ts";
import { Runtime } from "../runtime.ts";
import { readSettings } from "../settings.ts";
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
	const given = readSettings({
		file: options.config,
		port: options.port,
		environment: process.env,
	});
	const database = await openDatabase(given);
	const isDemo =
		startDemo !== undefined &&
		given.file === undefined &&
		database.url !== undefined;
	const settings = withSecrets(given, database, isDemo);
	const forTerminal = process.stdout.isTTY === true;
	const log = logFor(settings, forTerminal);
	const runtime = new Runtime(settings, log);
	const system = new SystemMonitor(runtime);
	const stopping = new AbortController();
	let demo: Promise<Demo> | undefined;
	let integration: IntegrationMonitor | undefined;

	const stop = async () => {
		stopping.abort();
		await Promise.all([
			system.stopMonitoring(),
			integration?.stopMonitoring(),
			demo?.then(
				(started) => started.stop(),
				() => {},
			),
		]);
		await database.stop();
	};
	onSignal(log, stop);
	const announce = async () => {
		const url = await runtime.url();
		if (!forTerminal || url === undefined) return;
		console.log(summaryLines(settings, database, url, isDemo).join("\n"));
	};
	try {
		await Promise.all([system.startMonitoring(), announce()]);
		log.info(
			{ url: await runtime.url(), database: database.description },
			`monitoring; the system is ${(await system.getSystemHealth())?.state}`,
		);
		if (startDemo && database.url !== undefined && isDemo) {
			demo = startDemo({
				databaseUrl: database.url,
				heartbeat: {
					url: `${await runtime.url()}/heartbeats`,
					token: settings.heartbeatToken ?? "",
				},
				log,
				// A person sees what the checks find; the demo's own lines are for programs.
				output: (line) => forTerminal || console.log(line),
				signal: stopping.signal,
			});
		}
		const watched = await demo;
		if (stopping.signal.aborted) return;
		integration = new IntegrationMonitor(
			runtime,
			watched && schema.parse(watched.config),
		);
		await integration.startIntegrationMonitoring();
	} catch (error) {
		if (stopping.signal.aborted) return;
		await stop();
		throw error;
	}
}

/** What only shows at the start: the database that is used, and a token for the demo's jobs where none is given. */
function withSecrets(
	settings: Settings,
	{ url }: Database,
	isDemo: boolean,
): Settings {
	const heartbeatToken =
		settings.heartbeatToken ?? (isDemo ? randomUUID() : undefined);
	const secrets = [url, heartbeatToken].filter((each) => each !== undefined);
	return {
		...settings,
		databaseUrl: url,
		heartbeatToken,
		secrets: [...settings.secrets, ...secrets],
	};
}
