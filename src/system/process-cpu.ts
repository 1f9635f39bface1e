import type { ProcessUsage } from "./process-table.ts";

/**
 * The CPU time of a changing set of processes as one counter.
 *
 * The plain sum would fall when a process ends. So each process's growth is added up instead, from the first look at
 * zero. Of a process that was started later, all its time counts; of one that was running before, only what it uses from
 * the first look at it. What a process uses between the last look at it and its end is not seen.
 */
export class ProcessCpu {
	readonly #latecomers: number;
	#seen: ReadonlyMap<string, number> | undefined;
	#total = 0;

	/** @param latecomers seconds after boot; a process started after it, and not there at the first look, counts in full */
	constructor(latecomers: number) {
		this.#latecomers = latecomers;
	}

	/** Takes a look at the processes that are there now, and gives the CPU seconds counted so far. */
	look(processes: readonly ProcessUsage[]): number {
		const now = new Map<string, number>();
		for (const { pid, started, cpu } of processes) {
			const key = `${pid} ${started}`;
			const isNew = this.#seen !== undefined && started >= this.#latecomers;
			const before = this.#seen?.get(key) ?? (isNew ? 0 : cpu);
			this.#total += Math.max(0, cpu - before);
			now.set(key, cpu);
		}
		this.#seen = now;
		return this.#total;
	}
}
