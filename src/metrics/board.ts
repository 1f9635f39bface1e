import { foldReadings } from "./fold.ts";
import type { Metric, Reading } from "./metric.ts";

export interface Posted {
	readonly reading: Reading;
	/** When it was read, in Unix milliseconds. */
	readonly at: number;
}

/** The latest readings of each source. What a source no longer posts is gone. */
export class ReadingBoard {
	readonly #sources = new Map<string, Posted[]>();
	readonly #makers = new Map<string, () => readonly Reading[]>();
	readonly #onFold: (metric: Metric, label: string) => void;

	constructor(onFold: (metric: Metric, label: string) => void) {
		this.#onFold = onFold;
	}

	/** Puts a source's readings in the place of its earlier ones. */
	post(source: string, readings: readonly Reading[]): void {
		const at = Date.now();
		this.#sources.set(
			source,
			foldReadings(readings, this.#onFold).map((reading) => ({ reading, at })),
		);
	}

	/** Has a source's readings made whenever all are asked for: what changes more often than it is looked at. */
	provide(source: string, make: () => readonly Reading[]): void {
		this.#makers.set(source, make);
	}

	/** Takes a source's readings away: it could not be read, or is no more. */
	clear(source: string): void {
		this.#sources.delete(source);
		this.#makers.delete(source);
	}

	all(): Posted[] {
		const at = Date.now();
		const made = [...this.#makers.values()].flatMap((make) =>
			foldReadings(make(), this.#onFold).map((reading) => ({ reading, at })),
		);
		return [...this.#sources.values(), made].flat();
	}

	/** The readings of a metric that were posted last. */
	of(metric: Metric): Reading[] {
		return [...this.#sources.values()]
			.flat()
			.map(({ reading }) => reading)
			.filter((reading) => reading.metric === metric);
	}
}
