import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Demo, startDemo } from "../../../examples/demo.ts";
import {
	createUnifiedMonitor,
	type IntegrationMonitor,
	type SystemMonitor,
} from "../../../src/index.ts";
import { freePort } from "../free-port.ts";
import { cleanEnvironment } from "../monitor-process.ts";
import {
	type PostgresServer,
	startPostgres,
	startStandby,
} from "../postgres.ts";
import { TestStack } from "../stack.ts";

const token = "token-of-the-jobs-of-the-demo";
const traffic = fileURLToPath(
	new URL("../../../examples/traffic.ts", import.meta.url),
);

export interface Speed {
	/** Seconds between two scrapes, evaluations of rules, exports, checks and collections. */
	readonly interval: number;
	/** Requests a second of the traffic. */
	readonly rate: number;
}

/** The demo under traffic, the monitor that watches it, and the pipeline that both send to: all real, only quicker. */
export class WatchedDemo {
	readonly stack: TestStack;
	readonly #environment: Readonly<Record<string, string>>;
	#databases: PostgresServer[] = [];
	#demo: Demo | undefined;
	#monitors: (SystemMonitor | IntegrationMonitor)[] = [];
	#traffic: ChildProcess | undefined;

	private constructor(stack: TestStack, environment: Record<string, string>) {
		this.stack = stack;
		this.#environment = environment;
	}

	static async start(speed: Speed): Promise<WatchedDemo> {
		const stack = await TestStack.start({}, (folder) =>
			hasten(join(folder, "prometheus.yml"), speed.interval),
		);
		const watched = new WatchedDemo(stack, {
			OTEL_EXPORTER_OTLP_ENDPOINT: stack.urls.otlp,
			OTEL_METRIC_EXPORT_INTERVAL: `${speed.interval * 1000}`,
			HEARTBEAT_TOKEN: token,
			ENVIRONMENT: "demo",
			OTEL_LOGS_EXPORTER: "otlp",
		});
		try {
			await watched.#begin(speed);
		} catch (error) {
			await watched.end();
			throw error;
		}
		return watched;
	}

	async #begin({ interval, rate }: Speed): Promise<void> {
		const databaseUrl = await this.#startDatabases();
		const port = await freePort();
		this.#demo = await startDemo({
			databaseUrl,
			environment: {
				...cleanEnvironment(),
				...this.#environment,
				SYNC_INTERVAL: "5",
				RENEWAL_INTERVAL: "5",
			},
			heartbeat: { url: `http://127.0.0.1:${port}/heartbeats`, token },
			log: console,
			output: () => {},
		});
		Object.assign(process.env, this.#environment, {
			DATABASE_URL: databaseUrl,
		});
		const { config } = this.#demo;
		const [system, integration] = createUnifiedMonitor({
			...config,
			processes: { inference: "backend/inference" },
			check_interval: interval,
			collection_interval: interval,
			prometheus_port: port,
			log_level: "silent",
			history: { path: this.stack.path("history.sqlite") },
		});
		this.#monitors = [system, integration];
		await Promise.all([
			system.startMonitoring(),
			integration.startIntegrationMonitoring(),
		]);
		const { origin } = new URL(urlOf(config.endpoints.content_feed));
		this.#traffic = spawn(
			process.execPath,
			[traffic, "--rate", `${rate}`, "--url", origin],
			{ stdio: "ignore" },
		);
	}

	/** Statements are counted, and a replica and a slot follow. Gives the URL of the primary. */
	async #startDatabases(): Promise<string> {
		const primary = await startPostgres();
		this.#databases.push(primary);
		this.#databases.push(await startStandby(primary, "replica"));
		const client = await primary.connect();
		await client.query("CREATE EXTENSION pg_stat_statements");
		await client.query(
			"SELECT pg_create_physical_replication_slot('spare', true)",
		);
		return primary.url();
	}

	/** Makes recommendations and the feed's query fail for so many seconds, under the traffic. */
	async fail(seconds: number): Promise<void> {
		const client = await this.#databases[0]?.connect();
		if (client === undefined) throw new Error("the demo has no database");
		const rename = (from: string, to: string) =>
			client.query(`ALTER TABLE demo.${from} RENAME TO ${to}`);
		const model = new URL(
			"/model",
			urlOf(this.#demo?.config.ml_endpoints.model_inference),
		);
		await fetch(model, { method: "DELETE" });
		await rename("user_actions", "away");
		await sleep(seconds * 1000);
		await rename("away", "user_actions");
		await fetch(model, { method: "PUT" });
	}

	async end(): Promise<void> {
		if (this.#traffic?.exitCode === null) {
			this.#traffic.kill("SIGKILL");
			await once(this.#traffic, "exit");
		}
		await Promise.all(this.#monitors.map((each) => each.stopMonitoring()));
		for (const name of [...Object.keys(this.#environment), "DATABASE_URL"]) {
			delete process.env[name];
		}
		await this.#demo?.stop();
		await Promise.all(this.#databases.map((each) => each.stop()));
		await this.stack.end();
	}
}

/** Changes how often Prometheus scrapes and evaluates, in its copy of the configuration. */
function hasten(path: string, interval: number): void {
	const config = readFileSync(path, "utf8");
	writeFileSync(
		path,
		config.replaceAll("_interval: 15s", `_interval: ${interval}s`),
	);
}

function urlOf(probe: string | { readonly url: string } | undefined): string {
	if (probe === undefined) throw new Error("the demo has no such endpoint");
	return typeof probe === "string" ? probe : probe.url;
}
