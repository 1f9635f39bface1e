import type { Logger } from "pino";
import type { ReadingBoard } from "../metrics/board.ts";
import type { Instruments } from "../metrics/instruments.ts";
import { gauge } from "../metrics/metric.ts";
import { monitorMetrics } from "../metrics/monitor.ts";
import type { Collector } from "./collector.ts";
import { type Outcome, runRound } from "./round.ts";
import { every, type Timer } from "./timer.ts";

export interface CollectionOptions {
	readonly collectors: readonly Collector[];
	/** Seconds between two rounds. */
	readonly interval: number;
	readonly board: ReadingBoard;
	readonly instruments: Instruments;
	readonly log: Logger;
	/** Called when a round of all has ended. */
	readonly onReadings: () => void;
}

const reasons = ["failed", "timeout", "partial"] as const;

/** Runs every collector at every interval, side by side. */
export class CollectionLoop {
	readonly #options: CollectionOptions;
	readonly #running = new Set<Collector>();
	/** What each collector could not read in its last round. */
	readonly #problems = new Map<Collector, readonly string[]>();
	readonly #lastSuccess = new Map<Collector, number>();
	readonly #named = new Set<string>();
	#timer: Timer | undefined;
	#stopped = false;

	constructor(options: CollectionOptions) {
		this.#options = options;
	}

	/** Begins, and resolves when each collector has had its first round. */
	async start(): Promise<void> {
		const { collectors, instruments, interval } = this.#options;
		for (const { name } of collectors) {
			for (const reason of reasons) {
				const labels = { collector: name, reason };
				instruments.count(monitorMetrics.collectorErrors, labels, 0);
			}
			instruments.count(
				monitorMetrics.collectorSkipped,
				{ collector: name },
				0,
			);
		}
		this.#timer = every(interval, () => void this.#roundOfAll());
		await this.#roundOfAll();
	}

	/** What could not be read in the last rounds, a sentence each. */
	problems(): string[] {
		return [...this.#problems.values()].flat();
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		this.#timer?.stop();
		await Promise.allSettled(
			this.#options.collectors.map((collector) => collector.close?.()),
		);
	}

	async #roundOfAll(): Promise<void> {
		const { collectors, onReadings } = this.#options;
		await Promise.all(collectors.map((collector) => this.#round(collector)));
		if (!this.#stopped) onReadings();
	}

	/** One round of a collector, unless its last has not ended. */
	async #round(collector: Collector): Promise<void> {
		const { name } = collector;
		if (this.#running.has(collector)) {
			this.#options.instruments.count(monitorMetrics.collectorSkipped, {
				collector: name,
			});
			return;
		}
		this.#running.add(collector);
		const start = performance.now();
		const { outcome, settled } = runRound(collector);
		void settled.then(() => this.#running.delete(collector));
		const ended = await outcome;
		if (this.#stopped) return;
		this.#take(collector, ended);
		this.#postOwn(collector, (performance.now() - start) / 1000);
	}

	#take(collector: Collector, outcome: Outcome): void {
		const { board, instruments, log } = this.#options;
		const { name } = collector;
		if (outcome.kind !== "read") {
			board.clear(name);
			instruments.count(monitorMetrics.collectorErrors, {
				collector: name,
				reason: outcome.kind,
			});
			this.#setProblems(collector, [outcome.problem]);
			return;
		}
		const { readings, problems = [], absent = [] } = outcome.collection;
		board.post(name, readings);
		if (problems.length > 0) {
			instruments.count(monitorMetrics.collectorErrors, {
				collector: name,
				reason: "partial",
			});
		}
		this.#setProblems(collector, problems);
		for (const sentence of absent) {
			if (this.#named.has(sentence)) continue;
			this.#named.add(sentence);
			log.info(`not read: ${sentence}`);
		}
	}

	#setProblems(collector: Collector, problems: readonly string[]): void {
		const { log } = this.#options;
		const before = this.#problems.get(collector) ?? [];
		for (const problem of problems) {
			if (!before.includes(problem)) log.warn(problem);
		}
		if (before.length > 0 && problems.length === 0) {
			log.info(`${collector.name} is read again`);
		}
		this.#problems.set(collector, problems);
	}

	#postOwn(collector: Collector, duration: number): void {
		const labels = { collector: collector.name };
		const success = this.#problems.get(collector)?.length === 0;
		if (success) this.#lastSuccess.set(collector, Date.now() / 1000);
		const lastSuccess = this.#lastSuccess.get(collector);
		this.#options.board.post(`${collector.name} collector`, [
			gauge(monitorMetrics.collectorSuccess, success ? 1 : 0, labels),
			gauge(monitorMetrics.collectorDuration, duration, labels),
			...(lastSuccess === undefined
				? []
				: [gauge(monitorMetrics.collectorLastSuccess, lastSuccess, labels)]),
		]);
	}
}
