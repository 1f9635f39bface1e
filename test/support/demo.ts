import type pg from "pg";
import { type Demo, type DemoOptions, startDemo } from "../../examples/demo.ts";
import { type HangingProxy, startHangingProxy } from "./hanging-proxy.ts";
import { cleanEnvironment } from "./monitor-process.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";

/** A line of a process's log. */
export interface DemoLine {
	readonly level: string;
	readonly message: string;
	readonly trace_id?: string;
	readonly span_id?: string;
	readonly context: { readonly functionName: string };
}

/** The demo on a Postgres of the test's own. */
export interface TestDemo {
	readonly demo: Demo;
	readonly postgres: PostgresServer;
	/** Stands between the demo and its Postgres, and may hang. */
	readonly proxy: HangingProxy;
	/** A connection of the test's own. */
	readonly database: pg.Client;
	/** What the processes wrote. */
	readonly lines: readonly DemoLine[];
	/** What the supervisor had to say. */
	readonly errors: readonly string[];
	/** URL of a service, or of an edge function: `inference`, `content_feed`. */
	url(name: string): string;
	stop(): Promise<void>;
}

/**
 * Starts the demo with jobs that run at the start, and then only when they are asked to, unless the environment says otherwise.
 */
export async function startTestDemo(
	environment: Readonly<Record<string, string>> = {},
	heartbeat?: DemoOptions["heartbeat"],
): Promise<TestDemo> {
	const postgres = await startPostgres();
	const proxy = await startHangingProxy(postgres.port);
	const lines: DemoLine[] = [];
	const errors: string[] = [];
	const demo = await startDemo({
		databaseUrl: postgres.url({ port: proxy.port }),
		environment: {
			...cleanEnvironment(),
			SYNC_INTERVAL: "3600",
			TRAINING_INTERVAL: "3600",
			RENEWAL_INTERVAL: "3600",
			...environment,
		},
		...(heartbeat && { heartbeat }),
		log: { error: (message) => errors.push(message) },
		output: (line) => lines.push(JSON.parse(line)),
	}).catch(async (error: unknown) => {
		proxy.cut();
		await proxy.close();
		await postgres.stop();
		throw error;
	});
	return {
		demo,
		postgres,
		proxy,
		database: await postgres.connect(),
		lines,
		errors,
		url: (name) => urlIn(demo, name),
		async stop() {
			await demo.stop();
			proxy.cut();
			await proxy.close();
			await postgres.stop();
		},
	};
}

function urlIn({ config }: Demo, name: string): string {
	const probe = { ...config.endpoints, ...config.ml_endpoints }[name];
	if (probe === undefined) throw new Error(`the demo has no ${name}`);
	return typeof probe === "string" ? probe : probe.url;
}
