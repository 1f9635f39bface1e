import { createLog } from "./backend/log.ts";
import type { Environment } from "./demo/child.ts";
import { backend, edgeFunctions, seed } from "./demo/commands.ts";
import { openPostgres } from "./demo/postgres.ts";
import { type ErrorLog, Processes } from "./demo/processes.ts";
import { userId } from "./source/users.ts";

export interface DemoOptions {
	/** A Postgres; all of the demo is in its schema `demo`. */
	readonly databaseUrl: string;
	/** What the processes get, such as `OTEL_*` and `LOG_LEVEL`. */
	readonly environment: Environment;
	/** Told when a process ends that should not. */
	readonly log: ErrorLog;
	/** Takes each line that a process writes: JSON in the contract's format, but for what a crash leaves. */
	readonly output: (line: string) => void;
}

export interface Demo {
	/** Name → URL to probe, as the configuration's `endpoints` has it. */
	readonly endpoints: Readonly<Record<string, string>>;
	/** The same for `ml_endpoints`. */
	readonly mlEndpoints: Readonly<Record<string, string>>;
	/** Name → SQL that gives the time of the last update. */
	readonly dataFlows: Readonly<Record<string, string>>;
	/** Ends all processes. */
	stop(): Promise<void>;
}

const dataFlows = {
	dmm_sync_freshness: "SELECT max(synced_at) FROM demo.contents",
	embedding_update_freshness:
		"SELECT max(updated_at) FROM demo.content_embeddings",
	recommendation_cache_freshness:
		"SELECT max(computed_at) FROM demo.recommendation_cache",
};

/**
 * Starts the demo application: three backends on Node and three edge functions on Deno. They take the ports 8001, 8002,
 * 8003 and 54321, or other ones where these are taken.
 * @throws Error if one does not start; nothing is left running then
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
	const environment = {
		...options.environment,
		DATABASE_URL: options.databaseUrl,
	};
	const processes = new Processes(options.log, options.output);
	try {
		await processes.run(seed(environment));
		const [inference, dataSync, mlTraining] = await Promise.all([
			processes.start(backend("inference", environment)),
			processes.start(backend("data_sync", environment)),
			processes.start(backend("ml_training", environment)),
		]);
		const edge = await processes.start(edgeFunctions(inference, environment));
		const functions = `${edge}/functions/v1`;
		return {
			endpoints: {
				enhanced_recommendations: `${functions}/enhanced_two_tower_recommendations?user_id=${userId(0)}`,
				user_management: `${functions}/user_management`,
				content_feed: `${functions}/content_feed`,
				data_sync: `${dataSync}/health`,
				ml_training: `${mlTraining}/health`,
			},
			mlEndpoints: {
				model_inference: `${inference}/model`,
				embedding_generation: `${dataSync}/embeddings`,
				training_status: `${mlTraining}/training/status`,
			},
			dataFlows,
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
	const end = signalled();
	const postgres = await openPostgres();
	try {
		const { stop, endpoints, mlEndpoints } = await startDemo({
			databaseUrl: postgres.url,
			environment: process.env,
			log,
			output: (line) => console.log(line),
		});
		log.info({ ...endpoints, ...mlEndpoints }, "the demo is up");
		await end;
		await stop();
	} finally {
		await postgres.stop();
	}
}

function signalled(): Promise<void> {
	return new Promise((resolve) => {
		for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
			process.on(signal, () => resolve());
		}
	});
}

if (process.argv[1] === import.meta.filename) await runDemo();
