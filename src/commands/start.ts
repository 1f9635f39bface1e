import { loadSettings } from "../config/load.ts";
import { IntegrationMonitor } from "../integration/monitor.ts";
import { logFor } from "../monitors.ts";
import { Runtime } from "../runtime.ts";
import { SystemMonitor } from "../system/monitor.ts";
import { openDatabase } from "./database.ts";
import { onSignal } from "./signals.ts";
import { summaryLines } from "./summary.ts";

/** Monitors until a signal ends it. */
export async function start(options: {
	config?: string;
	port?: string;
}): Promise<void> {
	const given = loadSettings({
		file: options.config,
		port: options.port,
		environment: process.env,
	});
	const database = await openDatabase(given);
	const settings = {
		...given,
		databaseUrl: database.url,
		secrets: [...given.secrets, ...(database.url ? [database.url] : [])],
	};
	const forTerminal = process.stdout.isTTY === true;
	const log = logFor(settings, forTerminal);
	const runtime = new Runtime(settings, log);
	const system = new SystemMonitor(runtime);
	const integration = new IntegrationMonitor(runtime);

	const stop = async () => {
		await Promise.all([system.stopMonitoring(), integration.stopMonitoring()]);
		await database.stop();
	};
	onSignal(log, stop);
	const announce = async () => {
		const url = await runtime.url();
		if (!forTerminal || url === undefined) return;
		console.log(summaryLines(settings, database, url).join("\n"));
	};
	try {
		await Promise.all([
			system.startMonitoring(),
			integration.startIntegrationMonitoring(),
			announce(),
		]);
		const state = (await system.getSystemHealth())?.state;
		log.info(
			{ url: await runtime.url(), database: database.description },
			`monitoring; the system is ${state}`,
		);
	} catch (error) {
		await stop();
		throw error;
	}
}
