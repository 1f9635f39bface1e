import {
	type DeltaMetrics,
	encodeMetrics,
	type Instrument,
	type Series,
} from "./metrics.ts";
import { type Attributes, encodeRequest, type Signal } from "./otlp.ts";
import { delay } from "./runtime.ts";
import type { Outcome } from "./send.ts";
import { type Item, Unsent } from "./unsent.ts";

const mostBytes = 2 * 1024 * 1024;
/** So much isn't held back. */
const much = mostBytes / 4;
/** Requests that end within it share a flush. */
const gathering = 200;
/** From one flush to the next at least, since each costs as much as many requests. */
const pause = 1000;

export interface Destination {
	/** Sends the body of one signal. Never rejects. */
	readonly send: (signal: Signal, body: string) => Promise<Outcome>;
	/** The resource of a function. */
	readonly resource: (functionName: string) => Attributes;
	/** Told when the collector begins to fail (with the problem), and when it takes data again. */
	readonly onChange: (problem: string | undefined) => void;
	/** The counter of what was given up. */
	readonly dropped: Instrument;
}

interface Lost {
	readonly functionName: string;
	readonly signal?: Signal;
	/** Measurements; of spans and log records each is one. */
	readonly count?: number;
}

/** Gathers what requests leave behind and sends it, after them and beside them. */
export class Outbox {
	readonly #to: Destination;
	readonly #metrics: DeltaMetrics;
	readonly #unsent = new Unsent(mostBytes);
	#sending: Promise<void> = Promise.resolve();
	#scheduled: Promise<void> | undefined;
	#restedAt = 0;
	#notBefore = 0;
	#failing = false;

	constructor(metrics: DeltaMetrics, to: Destination) {
		this.#metrics = metrics;
		this.#to = to;
	}

	add(item: Item): void {
		this.#drop(this.#unsent.add(item), "queue_full");
	}

	/** A flush of all there is and all that comes within the next moment; one for all who ask meanwhile. */
	flushSoon(): Promise<void> {
		this.#scheduled ??= this.#gather();
		return this.#scheduled;
	}

	/** A flush of all there is, after the one that is under way. */
	flushNow(): Promise<void> {
		const flush = this.#sending.then(() => this.#flush());
		// A mistake in one flush must not be the end of all.
		this.#sending = flush.catch(() => {});
		return this.#sending;
	}

	async #gather(): Promise<void> {
		do await delay(gathering);
		while (performance.now() < this.#restedAt && this.#unsent.bytes < much);
		await this.#sending;
		this.#scheduled = undefined;
		await this.flushNow();
	}

	async #flush(): Promise<void> {
		const now = Date.now();
		if (now < this.#notBefore) return;
		this.#restedAt = performance.now() + pause;
		const items = this.#unsent.take();
		const series = this.#metrics.take(now);
		const outcomes = await Promise.all([
			this.#sendItems("traces", items),
			this.#sendItems("logs", items),
			this.#sendMetrics(series, now),
		]);
		this.#report(outcomes.filter((outcome) => outcome !== undefined));
	}

	async #sendItems(
		signal: Item["signal"],
		all: ReturnType<Unsent["take"]>,
	): Promise<Outcome | undefined> {
		const items = all.filter((item) => item.signal === signal);
		if (!items.length) return undefined;
		const groups = grouped(items, (each) => each.map(({ json }) => json));
		const outcome = await this.#send(signal, groups);
		const { problem, retryAt, rejected = 0 } = outcome;
		const keep = retryAt !== undefined;
		this.#drop(this.#unsent.settled(items, keep), "queue_full");
		if (!problem) this.#drop(items.slice(0, rejected), "rejected");
		else if (!keep) this.#drop(items, "not_delivered");
		return outcome;
	}

	async #sendMetrics(
		series: readonly Series[],
		now: number,
	): Promise<Outcome | undefined> {
		const [first] = series;
		if (!first) return undefined;
		const groups = grouped(series, (each) => encodeMetrics(each, now));
		const outcome = await this.#send("metrics", groups);
		const { problem, retryAt, rejected: count } = outcome;
		if (count) {
			const { functionName } = first;
			this.#drop([{ functionName, count }], "rejected");
		}
		if (retryAt !== undefined) this.#metrics.giveBack(series);
		else if (problem) {
			const isDrop = ({ instrument }: Series) =>
				instrument === this.#to.dropped;
			// What was itself a count of such stays.
			this.#metrics.giveBack(series.filter(isDrop));
			this.#drop(
				series.filter((each) => !isDrop(each)),
				"not_delivered",
			);
		}
		return outcome;
	}

	#send(
		signal: Signal,
		groups: ReadonlyMap<string, readonly string[]>,
	): Promise<Outcome> {
		const { send, resource } = this.#to;
		return send(signal, encodeRequest(signal, groups, resource));
	}

	#report(outcomes: readonly Outcome[]): void {
		let problem: string | undefined;
		for (const outcome of outcomes) {
			problem = outcome.problem ?? problem;
			this.#notBefore = outcome.retryAt ?? this.#notBefore;
		}
		const failing = problem !== undefined;
		if (outcomes.length === 0 || failing === this.#failing) return;
		this.#failing = failing;
		this.#to.onChange(problem);
	}

	/** Counts what is given up. */
	#drop(lost: readonly Lost[], reason: string): void {
		const { dropped } = this.#to;
		for (const { functionName, signal = "metrics", count = 1 } of lost) {
			const labels = { function: functionName, signal, reason };
			const now = Date.now();
			this.#metrics.record(functionName, dropped, count, labels, now);
		}
	}
}

function grouped<T extends { readonly functionName: string }>(
	all: readonly T[],
	encode: (group: readonly T[]) => readonly string[],
): Map<string, readonly string[]> {
	const groups = Map.groupBy(all, ({ functionName }) => functionName);
	return new Map([...groups].map(([name, group]) => [name, encode(group)]));
}
