/** How many may run at a time; and how many of those that were slow the last time, so that they leave room for others. */
export interface SlotLimits {
	readonly all: number;
	readonly slow: number;
}

interface Waiting {
	readonly isSlow: boolean;
	readonly enter: () => void;
}

/** Lets so many in at a time, in the order that they came in; slow ones to a part of the places only. */
export class Slots {
	readonly #limits: SlotLimits;
	readonly #waiting: Waiting[] = [];
	#running = 0;
	#runningSlow = 0;

	constructor(limits: SlotLimits) {
		this.#limits = limits;
	}

	/** Waits for a place; resolves with what gives it back. */
	take(isSlow: boolean): Promise<() => void> {
		return new Promise((resolve) => {
			const enter = () => {
				this.#running += 1;
				if (isSlow) this.#runningSlow += 1;
				resolve(() => this.#leave(isSlow));
			};
			this.#waiting.push({ isSlow, enter });
			this.#admit();
		});
	}

	#leave(wasSlow: boolean): void {
		this.#running -= 1;
		if (wasSlow) this.#runningSlow -= 1;
		this.#admit();
	}

	#admit(): void {
		const { all, slow } = this.#limits;
		while (this.#running < all) {
			const next = this.#waiting.findIndex(
				({ isSlow }) => !isSlow || this.#runningSlow < slow,
			);
			const [admitted] = next < 0 ? [] : this.#waiting.splice(next, 1);
			if (!admitted) return;
			admitted.enter();
		}
	}
}
