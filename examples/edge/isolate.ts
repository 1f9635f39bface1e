import { logLine } from "./log.ts";
import type { FromIsolate, ToIsolate } from "./messages.ts";

/** A function in a worker of its own: its memory is its own, and so is its end. */
export class Isolate {
	readonly #name: string;
	readonly #worker: Worker;
	readonly #listening = Promise.withResolvers<number>();
	readonly #ended = Promise.withResolvers<void>();
	readonly #began = performance.now();
	/** Whether it takes requests. */
	isAlive = true;

	/** @param module URL of the function's module */
	constructor(name: string, module: URL) {
		this.#name = name;
		const entry = new URL("worker.ts", import.meta.url);
		this.#worker = new Worker(entry, { type: "module", name });
		this.#worker.onmessage = ({ data }: MessageEvent<FromIsolate>) => {
			if ("port" in data) this.#listening.resolve(data.port);
			else this.#ended.resolve();
		};
		this.#worker.onerror = (event) => {
			event.preventDefault(); // Or it would end the host.
			this.#died(event.message);
		};
		this.#tell({ serve: module.href });
	}

	/** Seconds since it was started. */
	get age(): number {
		return (performance.now() - this.#began) / 1000;
	}

	/** The port of 127.0.0.1 that the function listens on; rejects if it dies before. */
	get port(): Promise<number> {
		return this.#listening.promise;
	}

	/** Lets it finish what it has begun, and then ends it. */
	async end(reason: string): Promise<void> {
		if (!this.isAlive) return;
		this.isAlive = false;
		this.#tell({ end: reason });
		await this.#ended.promise;
		this.#worker.terminate();
	}

	#died(message: string): void {
		this.isAlive = false;
		logLine("ERROR", `the isolate of ${this.#name} died: ${message}`);
		this.#listening.reject(new Error(message));
		this.#ended.resolve();
	}

	#tell(message: ToIsolate): void {
		this.#worker.postMessage(message);
	}
}
