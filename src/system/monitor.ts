import { CollectionLoop } from "../collection/collection-loop.ts";
import { Lifecycle } from "../lifecycle.ts";
import { gauge } from "../metrics/metric.ts";
import { monitorMetrics } from "../metrics/monitor.ts";
import type { Part, Running, Runtime } from "../runtime.ts";
import { systemFacts } from "./facts.ts";
import { type Judgement, judgeSystem, type SystemState } from "./health.ts";
import { createHostCollectors } from "./host-collectors.ts";
import { createPostgresCollector } from "./postgres/collector.ts";

export interface SystemHealth {
	readonly state: SystemState;
	/** Why it is not healthy: "disk / at 91 % is over 85 %". */
	readonly reasons: readonly string[];
	/** Every signal that could be read, with its state. */
	readonly signals: readonly Judgement[];
	/** When it was judged, in ISO 8601. */
	readonly checkedAt: string;
}

export interface ServiceMetric {
	/** The Prometheus name, with the namespace. */
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
	/** UCUM unit of the value. */
	readonly unit: string;
	/** When it was read, in ISO 8601. */
	readonly at: string;
}

export interface PastSystemState {
	/** ISO 8601 */
	readonly at: string;
	readonly state: string;
	readonly reason?: string | undefined;
}

const states: readonly SystemState[] = ["healthy", "warning", "critical"];

/** Watches this machine and its Postgres. */
export class SystemMonitor {
	readonly #runtime: Runtime;
	readonly #part: Part;
	#open: Running | undefined;
	#loop: CollectionLoop | undefined;
	#health: SystemHealth | undefined;
	readonly #lifecycle = new Lifecycle(
		() => this.#start(),
		() => this.#stop(),
	);

	constructor(runtime: Runtime) {
		this.#runtime = runtime;
		this.#part = {
			name: "system",
			notReady: () =>
				this.#health ? undefined : "the first collection has not ended",
			status: async () => (await this.getSystemHealth()) ?? {},
		};
	}

	/**
	 * Starts collecting; resolves after the first collection. A second call changes nothing.
	 * @throws ListenError if the port of the server is taken
	 */
	startMonitoring(): Promise<void> {
		return this.#lifecycle.start();
	}

	/** Stops collecting and lets go of everything. A second call changes nothing. */
	stopMonitoring(): Promise<void> {
		return this.#lifecycle.stop();
	}

	/** Where the server of this monitor listens; `undefined` while it does not. */
	url(): Promise<string | undefined> {
		return this.#runtime.url();
	}

	/** The state of the system by the last collection; `undefined` before the first and after a stop. */
	async getSystemHealth(): Promise<SystemHealth | undefined> {
		return this.#health;
	}

	/** Everything that was read in the last collection. */
	async getServiceMetrics(): Promise<ServiceMetric[]> {
		const namespace = this.#runtime.settings.config.metric_namespace;
		const posted = this.#open?.board.all() ?? [];
		return posted.map(({ reading: { metric, labels, value }, at }) => ({
			name: `${namespace}_${metric.name}`,
			labels,
			value,
			unit: metric.unit,
			at: new Date(at).toISOString(),
		}));
	}

	/** The states of the last hours, oldest first. Empty while nothing runs. */
	async getHealthHistory(hours: number): Promise<PastSystemState[]> {
		const since = Date.now() - hours * 3_600_000;
		const entries = this.#open?.history.entries("system", since) ?? [];
		return entries.map(({ at, state, reason }) => ({
			at: new Date(at).toISOString(),
			state,
			reason,
		}));
	}

	async #start(): Promise<void> {
		const { settings, log } = this.#runtime;
		const open = await this.#runtime.join(this.#part);
		this.#open = open;
		this.#loop = new CollectionLoop({
			collectors: [
				...createHostCollectors({
					paths: settings.hostPaths,
					processes: settings.config.processes,
				}),
				...(settings.databaseUrl === undefined
					? []
					: [createPostgresCollector({ url: settings.databaseUrl })]),
			],
			interval: settings.config.collection_interval,
			board: open.board,
			instruments: open.instruments,
			log,
			onReadings: () => this.#judge(open),
		});
		await this.#loop.start();
	}

	async #stop(): Promise<void> {
		await this.#loop?.stop();
		await this.#runtime.leave(this.#part);
		this.#loop = undefined;
		this.#open = undefined;
		this.#health = undefined;
	}

	#judge({ board, history }: Running): void {
		const facts = systemFacts(board, this.#loop?.problems() ?? []);
		const limits = this.#runtime.settings.config.alert_thresholds;
		const { state, judgements } = judgeSystem(facts, limits);
		const reasons = judgements
			.filter((judgement) => judgement.state !== "healthy")
			.map(({ reason }) => reason);
		const at = new Date();
		this.#logChanges(this.#health?.signals ?? [], judgements);
		this.#health = {
			state,
			reasons,
			signals: judgements,
			checkedAt: at.toISOString(),
		};
		board.post(
			"system state",
			states.map((each) =>
				gauge(monitorMetrics.systemState, each === state ? 1 : 0, {
					state: each,
				}),
			),
		);
		history.record({
			at: at.getTime(),
			scope: "system",
			name: "system",
			state,
			reason: reasons.length > 0 ? reasons.join("; ") : undefined,
		});
	}

	#logChanges(before: readonly Judgement[], now: readonly Judgement[]): void {
		const { log } = this.#runtime;
		const stateBefore = new Map(
			before.map(({ subject, state }) => [subject, state]),
		);
		for (const { subject, state, reason } of now) {
			// The collection has told of its problems already.
			if (subject === "monitoring") continue;
			const changed = (stateBefore.get(subject) ?? "healthy") !== state;
			if (!changed) continue;
			if (state === "critical") log.error(reason);
			else if (state === "warning") log.warn(reason);
			else log.info(`${reason}: healthy again`);
		}
	}
}
