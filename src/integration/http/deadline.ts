/** A signal that aborts when the time is over, or when everything is to stop. */
export class Deadline {
	readonly seconds: number;
	readonly #abort = new AbortController();
	readonly #stop: AbortSignal;
	readonly #timer: NodeJS.Timeout;
	readonly #onStop = () => this.#end("stop");
	/** What ended it, once something has. */
	ended: "timeout" | "stop" | undefined;

	/** @param stop lives longer than this, and is let go of by `clear` */
	constructor(seconds: number, stop: AbortSignal) {
		this.seconds = seconds;
		this.#stop = stop;
		this.#timer = setTimeout(() => this.#end("timeout"), seconds * 1000);
		stop.addEventListener("abort", this.#onStop, { once: true });
		if (stop.aborted) this.#end("stop");
	}

	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	clear(): void {
		clearTimeout(this.#timer);
		this.#stop.removeEventListener("abort", this.#onStop);
	}

	#end(cause: "timeout" | "stop"): void {
		this.ended ??= cause;
		this.#abort.abort();
	}
}
