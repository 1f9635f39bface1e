import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { programPath } from "../programs/cache.ts";
import {
	collectorConfig,
	writeAlertmanagerConfig,
	writePrometheusConfig,
} from "./config-files.ts";
import { Part } from "./part.ts";
import { freePort } from "./ports.ts";
import { prometheusFlags } from "./prometheus-flags.ts";

const sinkProgram = fileURLToPath(new URL("sink.ts", import.meta.url));

export interface StackOptions {
	/** For data, logs and copies of config files. */
	readonly folder: string;
	/** Takes the usual ports where they are free. */
	readonly usualPorts: boolean;
	/** More variables for the collector, or others. */
	readonly environment?: Readonly<Record<string, string>>;
	/** Another config file for the collector. */
	readonly collectorConfig?: string;
	/** What runs the collector, such as nsenter(1) with its options. */
	readonly collectorRunner?: readonly string[];
	/** More flags for Prometheus. */
	readonly prometheusFlags?: readonly string[];
	/** How many spans the sink keeps, and how many bytes of requests. */
	readonly keep?: { readonly spans: number; readonly bytes: number };
}

/** Collector, Prometheus and Alertmanager with the project's config files, and a sink in Tempo's place. */
export class Stack {
	readonly collector: Part;
	readonly prometheus: Part;
	readonly sink: Part;
	/** Missing where there is no config file for it. */
	readonly alertmanager: Part | undefined;
	readonly urls: Awaited<ReturnType<typeof chooseUrls>>;
	/** What an edge function must show to send. */
	readonly edgeToken = randomBytes(24).toString("base64url");
	readonly folder: string;

	static async create(options: StackOptions): Promise<Stack> {
		return new Stack(options, await chooseUrls(options.usualPorts));
	}

	private constructor(options: StackOptions, urls: Stack["urls"]) {
		const { folder } = options;
		this.folder = folder;
		this.urls = urls;
		for (const name of ["prometheus", "collector", "sink", "alertmanager"]) {
			mkdirSync(join(folder, name), { recursive: true });
		}
		const token = join(folder, "edge-token");
		writeFileSync(token, this.edgeToken, { mode: 0o600 });
		const part = (
			name: string,
			command: string,
			args: readonly string[],
			ready: string,
			environment = {},
		) => {
			const log = join(folder, `${name}.log`);
			return new Part({ name, command, args, ready, log, environment });
		};
		const { spans, bytes } = options.keep ?? { spans: 200_000, bytes: 0 };
		this.sink = part(
			"sink",
			process.execPath,
			[
				sinkProgram,
				portOf(urls.sink),
				join(folder, "sink"),
				`${spans}`,
				`${bytes}`,
			],
			`${urls.sink}/ready`,
		);
		const [runner, ...runnerArgs] = options.collectorRunner ?? [];
		const otelcol = programPath("otelcol");
		this.collector = part(
			"otel-collector",
			runner ?? otelcol,
			[
				...(runner ? [...runnerArgs, otelcol] : []),
				`--config=${options.collectorConfig ?? collectorConfig}`,
			],
			urls.collectorHealth,
			{
				OTLP_HTTP_ENDPOINT: hostOf(urls.otlp),
				OTLP_GRPC_ENDPOINT: hostOf(urls.otlpGrpc),
				EDGE_OTLP_ENDPOINT: hostOf(urls.edgeOtlp),
				EDGE_TOKEN_FILE: token,
				PROMETHEUS_OTLP_ENDPOINT: `${urls.prometheus}/api/v1/otlp/v1/metrics`,
				TEMPO_OTLP_ENDPOINT: urls.sink,
				QUEUE_DIRECTORY: join(folder, "collector"),
				HEALTH_ENDPOINT: hostOf(urls.collectorHealth),
				COLLECTOR_METRICS_HOST: "127.0.0.1",
				COLLECTOR_METRICS_PORT: portOf(urls.collectorMetrics),
				...options.environment,
			},
		);
		const config = writePrometheusConfig(folder, {
			collectorMetrics: hostOf(urls.collectorMetrics),
			prometheus: hostOf(urls.prometheus),
			alertmanager: hostOf(urls.alertmanager),
			sink: hostOf(urls.sink),
		});
		this.prometheus = part(
			"prometheus",
			programPath("prometheus"),
			[
				`--config.file=${config}`,
				`--storage.tsdb.path=${join(folder, "prometheus")}`,
				`--web.listen-address=${hostOf(urls.prometheus)}`,
				...prometheusFlags,
				...(options.prometheusFlags ?? []),
			],
			`${urls.prometheus}/-/ready`,
		);
		const alerting = writeAlertmanagerConfig(folder);
		this.alertmanager =
			alerting === undefined
				? undefined
				: part(
						"alertmanager",
						programPath("alertmanager"),
						[
							`--config.file=${alerting}`,
							`--storage.path=${join(folder, "alertmanager")}`,
							`--web.listen-address=${hostOf(urls.alertmanager)}`,
							"--cluster.listen-address=",
						],
						`${urls.alertmanager}/-/ready`,
					);
	}

	get parts(): Part[] {
		const { sink, prometheus, alertmanager, collector } = this;
		return [
			sink,
			prometheus,
			collector,
			...(alertmanager ? [alertmanager] : []),
		];
	}

	async start(): Promise<void> {
		await Promise.all(this.parts.map((part) => part.start()));
	}

	/** The collector first, so that it sends what it still holds. */
	async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
		await this.collector.end(signal);
		await Promise.all(this.parts.map((part) => part.end(signal)));
	}

	kill(): void {
		for (const part of this.parts) part.kill();
	}
}

async function chooseUrls(usual: boolean) {
	const taken = new Set<number>();
	const url = async (port: number) => {
		let free = await freePort(usual ? port : 0);
		while (taken.has(free)) free = await freePort();
		taken.add(free);
		return `http://127.0.0.1:${free}`;
	};
	return {
		otlp: await url(4318),
		otlpGrpc: await url(4317),
		edgeOtlp: await url(4319),
		prometheus: await url(9090),
		alertmanager: await url(9093),
		/** OTLP and traces by id, as Tempo's query side has them. */
		sink: await url(3200),
		collectorHealth: await url(13133),
		collectorMetrics: await url(8888),
	};
}

function hostOf(url: string): string {
	return new URL(url).host;
}

function portOf(url: string): string {
	return new URL(url).port;
}
