import { setTimeout as sleep } from "node:timers/promises";
import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { Logger } from "pino";

interface Report {
	readonly state: "start" | "ok" | "fail";
	/** Seconds that the run took. */
	readonly duration?: number;
	readonly madeAt: number;
}

/** Milliseconds that the monitor has to answer in. */
const timeLimit = 1000;
/** Milliseconds until a report is sent again that did not arrive … */
const pause = 3000;
/** … and after which it is left out: the monitor would take it for one of a later run. */
const lifetime = 60_000;
/** How many that don't arrive, one after the other, are told: at the start the monitor may not be there yet. */
const notable = 3;

/**
 * Tells the monitor of a job's runs by `POST HEARTBEAT_URL/<name>`, with the token in `HEARTBEAT_TOKEN`; where these
 * are not set, nobody. The job never waits for it: only the newest report is kept until it has arrived.
 */
export class Heartbeat {
	readonly #name: string;
	readonly #log: Logger;
	readonly #monitor = process.env.HEARTBEAT_URL;
	readonly #stopped = new AbortController();
	#newest: Report | undefined;
	#sending: Promise<void> | undefined;
	/** Reports in a row that did not arrive. */
	#failures = 0;

	/** @param name as the monitor's configuration has it under `heartbeats` */
	constructor(name: string, log: Logger) {
		this.#name = name;
		this.#log = log;
	}

	report(state: Report["state"], duration?: number): void {
		if (!this.#monitor) return;
		this.#newest = { state, duration, madeAt: Date.now() };
		// What is watched is the job, not the watching: no spans of it.
		this.#sending ??= context.with(suppressTracing(context.active()), () =>
			this.#send(),
		);
	}

	/** Sends what is to be sent, once. */
	async stop(): Promise<void> {
		this.#stopped.abort();
		await this.#sending;
	}

	async #send(): Promise<void> {
		const { signal } = this.#stopped;
		while (this.#newest) {
			const report = this.#newest;
			const failure = await this.#post(report);
			this.#tell(failure);
			const isOver =
				failure === undefined ||
				signal.aborted ||
				Date.now() - report.madeAt > lifetime;
			if (!isOver) await sleep(pause, undefined, { signal }).catch(() => {});
			else if (this.#newest === report) this.#newest = undefined;
		}
		this.#sending = undefined;
	}

	/** @returns what went wrong, if anything did */
	async #post({ state, duration }: Report): Promise<string | undefined> {
		try {
			const url = new URL(`${this.#monitor}/${this.#name}`);
			url.searchParams.set("state", state);
			if (duration !== undefined) {
				url.searchParams.set("duration", duration.toFixed(3));
			}
			const response = await fetch(url, {
				method: "POST",
				headers: { authorization: `Bearer ${process.env.HEARTBEAT_TOKEN}` },
				signal: AbortSignal.timeout(timeLimit),
			});
			await response.body?.cancel();
			return response.ok ? undefined : `it answered ${response.status}`;
		} catch (error) {
			return error instanceof Error ? error.message : String(error);
		}
	}

	#tell(failure: string | undefined): void {
		const before = this.#failures;
		this.#failures = failure === undefined ? 0 : before + 1;
		if (this.#failures === notable) {
			const error = { error: failure };
			this.#log.warn(error, "the monitor hears nothing of the job");
		} else if (failure === undefined && before >= notable) {
			this.#log.info("the monitor hears of the job again");
		}
	}
}
