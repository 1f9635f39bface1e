import type { Reading } from "../../metrics/metric.ts";

interface Last {
	readonly value: number;
	readonly since: number;
}

/**
 * Notices counters that began again without the server's saying when: their value fell.
 * Such a counter stood at zero some time after it was last read, so that reading's time becomes its start.
 */
export class CounterStarts {
	#last = new Map<string, Last>();
	#lastAt = 0;

	/** @param at when they were read, in Unix milliseconds */
	dated(readings: readonly Reading[], at: number): Reading[] {
		const last = new Map<string, Last>();
		const dated = readings.map((reading) => {
			if (reading.since === undefined) return reading;
			const key = `${reading.metric.name} ${JSON.stringify(reading.labels)}`;
			const since = this.#start(this.#last.get(key), reading, reading.since);
			last.set(key, { value: reading.value, since });
			return { ...reading, since };
		});
		this.#last = last;
		this.#lastAt = at;
		return dated;
	}

	#start(before: Last | undefined, reading: Reading, since: number): number {
		if (before === undefined || since > before.since) return since;
		return reading.value < before.value ? this.#lastAt : before.since;
	}
}
