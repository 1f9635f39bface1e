import { once } from "node:events";
import { readSecret } from "../src/config/environment.ts";
import { intervals } from "./backend/intervals.ts";
import { createLog } from "./backend/log.ts";
import type { Environment } from "./demo/child.ts";
import { backend, edgeFunctions, seed } from "./demo/commands.ts";
import { type DemoConfig, demoConfig } from "./demo/monitoring.ts";
import { openPostgres } from "./demo/postgres.ts";
import { type ErrorLog, Processes } from "./demo/processes.ts";

export interface DemoOptions {
	/** A Postgres; all of the demo is in its schema `demo`. */
	readonly databaseUrl: string;
	/** What the processes get, such as `OTEL_*` and `LOG_LEVEL`. */
	readonly environment: Environment;
	/** Where the jobs report their runs: by `POST <url>/<name>`, with the token. */
	readonly heartbeat?: { readonly url: string; readonly token: string };
	/** Told when a process ends that should not. */
	readonly log: ErrorLog;
	/** Takes each line that a process writes: JSON in the contract's format, but for what a crash leaves. */
	readonly output: (line: string) => void;
	/** Ends it while it starts; later `stop` does. */
	readonly signal?: AbortSignal;
}

export interface Demo {
	/** What of it is to be watched. */
	readonly config: DemoConfig;
	/** Ends all processes. */
	stop(): Promise<void>;
}

/**
 * Starts the demo application: three backends on Node and three edge functions on Deno. They take the ports 8001, 8002,
 * 8003 and 54321, or other ones where these are taken.
 * @throws Error if one does not start, or the signal says not to; nothing is left running then
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
	const { databaseUrl, heartbeat, signal } = options;
	signal?.throwIfAborted();
	const environment = {
		...options.environment,
		DATABASE_URL: databaseUrl,
		HEARTBEAT_URL: heartbeat?.url,
		HEARTBEAT_TOKEN: heartbeat?.token,
	};
	const processes = new Processes(
		options.log,
		options.output,
		Number(options.environment.RESTART_DELAY ?? 5),
	);
	signal?.addEventListener("abort", () => processes.stop());
	try {
		await processes.run(seed(environment));
		const [inference, dataSync, mlTraining] = await Promise.all([
			processes.start(backend("inference", environment)),
			processes.start(backend("data_sync", environment)),
			processes.start(backend("ml_training", environment)),
		]);
		const edge = await processes.start(edgeFunctions(inference, environment));
		return {
			config: demoConfig(
				{ edge, inference, dataSync, mlTraining },
				heartbeat ? intervals(environment) : null,
			),
			stop: () => processes.stop(),
		};
	} catch (error) {
		await processes.stop();
		throw error;
	}
}

/** Runs it until a signal ends it. */
async function runDemo(): Promise<void> {
	const log = createLog("demo");
	const signal = onSignal();
	const postgres = await openPostgres();
	try {
		const url = process.env.HEARTBEAT_URL;
		const token = readSecret(process.env, "HEARTBEAT_TOKEN").value;
		const { stop, config } = await startDemo({
			databaseUrl: postgres.url,
			environment: process.env,
			...(url && token && { heartbeat: { url, token } }),
			log,
			output: (line) => console.log(line),
			signal,
		});
		log.info(urlsOf(config), "the demo is up");
		if (!signal.aborted) await once(signal, "abort");
		await stop();
	} catch (error) {
		if (!signal.aborted) throw error;
	} finally {
		await postgres.stop();
	}
}

/** Name → what answers for it. */
function urlsOf({ endpoints, ml_endpoints }: DemoConfig) {
	const entries = Object.entries({ ...endpoints, ...ml_endpoints });
	return Object.fromEntries(
		entries.map(([name, probe]) => [
			name,
			typeof probe === "string" ? probe : probe.url,
		]),
	);
}

/** Aborted by Ctrl-C, and by what else asks a process to end. */
function onSignal(): AbortSignal {
	const controller = new AbortController();
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
		process.on(signal, () => controller.abort());
	}
	return controller.signal;
}

if (process.argv[1] === import.meta.filename) await runDemo();
