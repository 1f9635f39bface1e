/** Starts and stops something one after the other, each once however often it is asked for. */
export class Lifecycle {
	readonly #open: () => Promise<void>;
	readonly #close: () => Promise<void>;
	#started: Promise<void> | undefined;
	#stopping: Promise<void> | undefined;

	constructor(open: () => Promise<void>, close: () => Promise<void>) {
		this.#open = open;
		this.#close = close;
	}

	/** Rejects as opening does; then it can be started again. */
	start(): Promise<void> {
		this.#started ??= this.#openNext().catch((error: unknown) => {
			this.#started = undefined;
			throw error;
		});
		return this.#started;
	}

	/** Closes what was opened, when that has ended; nothing if it was not, or failed. */
	async stop(): Promise<void> {
		const started = this.#started;
		this.#started = undefined;
		if (started) this.#stopping = started.then(this.#close, () => {});
		await this.#stopping;
	}

	async #openNext(): Promise<void> {
		if (this.#stopping) await this.#stopping;
		this.#stopping = undefined;
		await this.#open();
	}
}
