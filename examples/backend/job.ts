import { setTimeout as sleep } from "node:timers/promises";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import type { Logger } from "pino";
import { Heartbeat } from "./heartbeat.ts";

/** Seconds from a run that failed until it is tried again, where the next one is not due before. */
const retryAfter = 5;

/** What is known of a job's last run. */
export interface LastRun<Result> {
	readonly ended_at: string;
	readonly took_ms: number;
	readonly result?: Result;
	readonly error?: string;
}

/**
 * Work that is done at intervals and on demand, but never twice at a time. Each run is a span; those at intervals are
 * the heartbeat `<name>_job`, which so tells that the schedule lives, whatever else is done on demand.
 */
export class Job<Result extends object> {
	readonly #name: string;
	readonly #work: () => Promise<Result>;
	readonly #log: Logger;
	readonly #heartbeat: Heartbeat;
	readonly #stopped = new AbortController();
	#running: Promise<Result> | undefined;
	#schedule: Promise<void> | undefined;
	last: LastRun<Result> | undefined;
	/** While it is, nothing is done at intervals. */
	isPaused = false;

	constructor(name: string, work: () => Promise<Result>, log: Logger) {
		this.#name = name;
		this.#work = work;
		this.#log = log;
		this.#heartbeat = new Heartbeat(`${name}_job`, log);
	}

	/** @param seconds between the end of a run and the next one; the first is at once */
	start(seconds: number): void {
		this.#schedule ??= this.#repeat(seconds);
	}

	/** Runs it now, or waits for the run that is under way. */
	run(): Promise<Result> {
		this.#running ??= this.#traced().finally(() => {
			this.#running = undefined;
		});
		return this.#running;
	}

	/** Lets a run that is under way come to its end. */
	async stop(): Promise<void> {
		this.#stopped.abort();
		await this.#schedule;
		await this.#running?.catch(() => {});
		await this.#heartbeat.stop();
	}

	async #repeat(seconds: number): Promise<void> {
		const { signal } = this.#stopped;
		while (!signal.aborted) {
			const isDone = this.isPaused || (await this.#runOnSchedule());
			const pause = isDone ? seconds : Math.min(seconds, retryAfter);
			await sleep(pause * 1000, undefined, { signal }).catch(() => {});
		}
	}

	/** @returns whether it succeeded; what fails is logged, and may succeed the next time */
	async #runOnSchedule(): Promise<boolean> {
		const begin = performance.now();
		this.#heartbeat.report("start");
		const isDone = await this.run().then(
			() => true,
			() => false,
		);
		const took = (performance.now() - begin) / 1000;
		this.#heartbeat.report(isDone ? "ok" : "fail", took);
		return isDone;
	}

	#traced(): Promise<Result> {
		const tracer = trace.getTracer("demo");
		return tracer.startActiveSpan(this.#name, async (span) => {
			const begin = performance.now();
			try {
				const result = await this.#work();
				this.#ended(begin, { result });
				const data: object = result;
				this.#log.info(data, `${this.#name} done`);
				return result;
			} catch (error) {
				span.setStatus({ code: SpanStatusCode.ERROR });
				const reason = error instanceof Error ? error.message : String(error);
				this.#ended(begin, { error: reason });
				this.#log.error({ error: reason }, `${this.#name} failed`);
				throw error;
			} finally {
				span.end();
			}
		});
	}

	#ended(begin: number, outcome: { result: Result } | { error: string }): void {
		this.last = {
			ended_at: new Date().toISOString(),
			took_ms: Math.round(performance.now() - begin),
			...outcome,
		};
	}
}
