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

	/** Takes a source's readings away: it could not be read. */
	clear(source: string): void {
		this.#sources.delete(source);
	}

	all(): Posted[] {
		return [...this.#sources.values()].flat();
	}

	of(metric: Metric): Reading[] {
		return this.all()
			.map(({ reading }) => reading)
			.filter((reading) => reading.metric === metric);
	}
}
