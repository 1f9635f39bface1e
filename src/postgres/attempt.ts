/** Something that is to end in time, or when others end it. */
export class Attempt {
	readonly #aborting = new AbortController();
	readonly #end: number;
	readonly #timer: NodeJS.Timeout;
	readonly #outer: readonly AbortSignal[];
	readonly #abort = () => this.#aborting.abort();

	/**
	 * @param timeLimit seconds
	 * @param outer those that end it before
	 */
	constructor(timeLimit: number, outer: readonly AbortSignal[]) {
		this.#end = performance.now() + timeLimit * 1000;
		this.#timer = setTimeout(this.#abort, timeLimit * 1000);
		this.#outer = outer;
		for (const signal of outer) {
			if (signal.aborted) this.#abort();
			signal.addEventListener("abort", this.#abort, { once: true });
		}
	}

	get signal(): AbortSignal {
		return this.#aborting.signal;
	}

	/** Milliseconds until its end. */
	get left(): number {
		return Math.max(0, this.#end - performance.now());
	}

	/** Whether others have ended it. */
	get wasStopped(): boolean {
		return this.#outer.some((signal) => signal.aborted);
	}

	/** Has to be called when it is over. */
	release(): void {
		clearTimeout(this.#timer);
		for (const signal of this.#outer) {
			signal.removeEventListener("abort", this.#abort);
		}
	}
}
