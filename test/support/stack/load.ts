import { setTimeout as sleep } from "node:timers/promises";
import type { TestStack } from "../stack.ts";
import { cumulativeCount, edgeRequests } from "./requests.ts";

const batchesASecond = 20;
const requestsABatch = 10;

/** 200 requests a second, told to the collector by their isolates, beside a process whose counter is told every second. */
export class Load {
	readonly #stack: TestStack;
	readonly #start = Date.now();
	readonly #open = new Set<Promise<void>>();
	#isOn = true;
	#ticks = 0;
	/** What could not be sent yet, as nothing listened. */
	#kept: (() => Promise<void>)[] = [];
	/** The spans that the collector has acknowledged. */
	readonly acknowledged = new Set<string>();
	/** The counts that it has acknowledged, and when. */
	readonly counted: { readonly at: number; readonly count: number }[] = [];
	/** When the steady counter was told, in seconds since 1970. */
	readonly #toldAt: number[] = [];
	/** How many answers said that the collector took nothing. */
	refused = 0;
	#done: Promise<void>;

	constructor(stack: TestStack) {
		this.#stack = stack;
		this.#done = this.#run();
	}

	/** What was counted in all, or since a time. */
	total(since = 0): number {
		return this.counted
			.filter(({ at }) => at >= since)
			.reduce((sum, { count }) => sum + count, 0);
	}

	/** The longest time in which the steady counter was not told, in seconds: a second, unless it or the machine paused. */
	longestPause(): number {
		return longestBetween(this.#toldAt);
	}

	/** Ends it, once everything is sent that was kept. */
	async end(): Promise<void> {
		this.#isOn = false;
		await this.#done;
		await Promise.all(this.#open);
		const kept = this.#kept;
		this.#kept = [];
		for (const again of kept) await again();
	}

	goOn(): void {
		this.#isOn = true;
		this.#done = this.#run();
	}

	async #run(): Promise<void> {
		let next = Date.now();
		while (this.#isOn) {
			this.#tick();
			this.#ticks += 1;
			next += 1000 / batchesASecond;
			await sleep(Math.max(0, next - Date.now()));
		}
	}

	#tick(): void {
		const requests = edgeRequests(requestsABatch);
		this.#send("traces", requests.traces, () => {
			for (const id of requests.spanIds) this.acknowledged.add(id);
		});
		this.#send("metrics", requests.counts, () => {
			this.counted.push({ at: Date.now(), count: requests.count });
		});
		if (this.#ticks % batchesASecond > 0) return;
		const now = Date.now();
		this.#toldAt.push(now / 1000);
		const count = cumulativeCount(
			"steady_total",
			this.#ticks,
			this.#start,
			now,
		);
		this.#send("metrics", count, () => {}, false);
	}

	#send(
		signal: "traces" | "metrics",
		body: string,
		acknowledge: () => void,
		isToKeep = true,
	): void {
		const sent = this.#post(signal, body, acknowledge, isToKeep);
		this.#open.add(sent);
		sent.finally(() => this.#open.delete(sent));
	}

	/** As the edge library does: what surely didn't arrive is sent again, what may have arrived is not. */
	async #post(
		signal: string,
		body: string,
		acknowledge: () => void,
		isToKeep: boolean,
	): Promise<void> {
		try {
			const response = await fetch(`${this.#stack.urls.otlp}/v1/${signal}`, {
				method: "POST",
				headers: { "content-type": "application/json" },
				body,
			});
			await response.arrayBuffer();
			if (response.ok) {
				acknowledge();
				const kept = this.#kept;
				this.#kept = [];
				await Promise.all(kept.map((again) => again()));
			} else this.refused += 1;
		} catch (error) {
			const cause = error instanceof Error ? error.cause : undefined;
			if (isToKeep && /ECONNREFUSED/.test(String(cause))) {
				this.#kept.push(() => this.#post(signal, body, acknowledge, true));
			}
		}
	}
}

/** The longest time from one to the next. */
export function longestBetween(times: readonly number[]): number {
	return Math.max(...times.slice(1).map((time, at) => time - (times[at] ?? 0)));
}
