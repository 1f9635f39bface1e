import { setTimeout as sleep } from "node:timers/promises";

/** Requests for the items 0 to 99 of a shop in turn, 10 a second, whatever it answers and however long that takes. */
export class SteadyRequests {
	readonly #open = new Set<Promise<void>>();
	readonly #url: string;
	readonly #done: Promise<void>;
	#isOn = true;

	/** @param url to which the item's number is added */
	constructor(url: string) {
		this.#url = url;
		this.#done = this.#run();
	}

	async end(): Promise<void> {
		this.#isOn = false;
		await this.#done;
		await Promise.all(this.#open);
	}

	async #run(): Promise<void> {
		let next = Date.now();
		for (let count = 0; this.#isOn; count++) {
			// Neighbours in number are far from each other in time, so that a few seconds have their share of any of them.
			const asked = this.#ask((count * 37) % 100);
			this.#open.add(asked);
			asked.finally(() => this.#open.delete(asked));
			next += 100;
			await sleep(Math.max(0, next - Date.now()));
		}
	}

	async #ask(item: number): Promise<void> {
		const response = await fetch(`${this.#url}${item}`);
		await response.arrayBuffer();
	}
}
