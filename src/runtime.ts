import { dirname } from "node:path";
import type { Logger } from "pino";
import type { Settings } from "./config/load.ts";
import { type History, openHistory } from "./history/history.ts";
import { ReadingBoard } from "./metrics/board.ts";
import { Instruments } from "./metrics/instruments.ts";
import { gauge, type Metric } from "./metrics/metric.ts";
import { monitorMetrics } from "./metrics/monitor.ts";
import { boardProducer } from "./metrics/producer.ts";
import { createApp } from "./server/app.ts";
import type { JobReport } from "./server/job-report.ts";
import { type Listening, listen } from "./server/listen.ts";
import { CollectorWatch } from "./telemetry/collector-watch.ts";
import { otlpEndpoint } from "./telemetry/exporters.ts";
import { stableInstanceId } from "./telemetry/instance-id.ts";
import { startTelemetry, type Telemetry } from "./telemetry/telemetry.ts";
import { version } from "./version.ts";

/** What a monitor adds to `/ready` and `/status`. */
export interface Part {
	readonly name: string;
	/** Why it has no data yet; `undefined` when it has. */
	notReady(): string | undefined;
	status(): Promise<object>;
	/** More of one of its components, for `/status/<group>/<name>`; undefined where there is no such component. */
	details?(group: string, name: string): Promise<object | undefined>;
	/** Takes what a job reports by `/heartbeats/<name>`; false where no such job is awaited. */
	takeReport?(name: string, report: JobReport): boolean;
}

/** What is open while at least one monitor runs. */
export interface Running {
	readonly board: ReadingBoard;
	readonly instruments: Instruments;
	readonly history: History;
	readonly url: string;
}

interface Open extends Running {
	readonly telemetry: Telemetry;
	readonly server: Listening;
}

/** What the monitors share: telemetry, history and the server, open from the first start to the last stop. */
export class Runtime {
	readonly settings: Settings;
	readonly log: Logger;
	readonly #parts = new Map<string, Part>();
	#open: Promise<Open> | undefined;

	constructor(settings: Settings, log: Logger) {
		this.settings = settings;
		this.log = log;
	}

	/** Where the server listens, once it does. */
	async url(): Promise<string | undefined> {
		return (await this.#open)?.url;
	}

	/**
	 * Opens what is shared, unless another part has.
	 * @throws ListenError if the port can't be had; then nothing stays open
	 */
	async join(part: Part): Promise<Running> {
		this.#parts.set(part.name, part);
		this.#open ??= this.#start();
		try {
			return await this.#open;
		} catch (error) {
			this.#parts.delete(part.name);
			this.#open = undefined;
			throw error;
		}
	}

	/** Closes what is shared, unless another part still needs it. */
	async leave(part: Part): Promise<void> {
		if (!this.#parts.delete(part.name) || this.#parts.size > 0) return;
		const opened = this.#open;
		this.#open = undefined;
		const open = await opened;
		await open?.server.close();
		await open?.telemetry.stop();
		open?.history.close();
	}

	async #start(): Promise<Open> {
		const { config, host, token, heartbeatToken } = this.settings;
		const folder = dirname(config.history.path);
		const instance = stableInstanceId(folder);
		if (!instance.kept) {
			this.log.warn(
				`${folder} cannot be written: this start's service.instance.id will not be the next one's`,
			);
		}

		let instruments: Instruments | undefined;
		const onFold = (metric: Metric, label: string) =>
			instruments?.count(monitorMetrics.labelsFolded, {
				metric: metric.name,
				label,
			});
		const board = new ReadingBoard(onFold);
		const telemetry = await startTelemetry({
			identity: {
				version,
				instanceId: instance.id,
				deployment: this.settings.deployment,
			},
			producer: boardProducer(board, config.metric_namespace),
			interval: config.collection_interval,
			watch: this.#watch((signal, outcome) =>
				instruments?.count(monitorMetrics.exports, { signal, outcome }),
			),
			log: this.log,
		});
		instruments = new Instruments(
			telemetry.meter,
			config.metric_namespace,
			onFold,
		);
		// Not posted once: what keeps an old time is stale in Prometheus after five minutes.
		board.provide("runtime", () => this.#ownReadings());

		const app = createApp({
			token,
			heartbeatToken,
			metrics: telemetry.renderMetrics,
			notReady: () => this.#notReady(),
			status: () => this.#status(),
			details: (group, name) => this.#details(group, name),
			takeReport: (name, report) =>
				this.#partList().some((part) => part.takeReport?.(name, report)),
			onError: (error) => this.log.error(`the server failed: ${error.message}`),
		});
		try {
			const server = await listen(app, host, config.prometheus_port);
			const history = openHistory({
				path: config.history.path,
				retentionDays: config.history.retention_days,
				maxBytes: config.history.max_size_mb * 1e6,
				log: this.log,
			});
			return {
				board,
				instruments,
				history,
				telemetry,
				server,
				url: server.url,
			};
		} catch (error) {
			await telemetry.stop();
			throw error;
		}
	}

	#watch(
		attempt: (
			signal: "metrics" | "traces",
			outcome: "success" | "failure",
		) => void,
	): CollectorWatch {
		return new CollectorWatch({
			attempt,
			away: (signal, reason) =>
				this.log.warn(
					`the OpenTelemetry collector at ${otlpEndpoint(signal)} does not take ${signal} (${reason}); it is tried again at every interval`,
				),
			back: () => this.log.info("the OpenTelemetry collector is back"),
		});
	}

	#ownReadings() {
		const thresholds = Object.entries(this.settings.config.alert_thresholds);
		return [
			gauge(monitorMetrics.info, 1, {
				version,
				node_version: process.versions.node,
			}),
			...thresholds.map(([key, value]) => {
				const [, signal = "", severity = ""] =
					/^(.*)_(warning|critical)$/.exec(key) ?? [];
				return gauge(monitorMetrics.alertThreshold, value, {
					signal,
					severity,
				});
			}),
		];
	}

	#notReady(): string | undefined {
		for (const part of this.#parts.values()) {
			const reason = part.notReady();
			if (reason !== undefined) return reason;
		}
		return undefined;
	}

	async #status(): Promise<object> {
		const parts = this.#partList();
		const entries = await Promise.all(
			parts.map(async (part) => [part.name, await part.status()]),
		);
		return { version, ...Object.fromEntries(entries) };
	}

	async #details(group: string, name: string): Promise<object | undefined> {
		for (const part of this.#partList()) {
			const details = await part.details?.(group, name);
			if (details) return details;
		}
		return undefined;
	}

	#partList(): Part[] {
		return [...this.#parts.values()];
	}
}
