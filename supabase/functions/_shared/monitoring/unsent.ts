/** A span or a log record that waits to be sent. */
export interface Item {
	readonly signal: "traces" | "logs";
	readonly functionName: string;
	/** In OTLP's JSON. */
	readonly json: string;
}

interface Kept extends Item {
	readonly bytes: number;
}

const encoder = new TextEncoder();

/** What waits to be sent, or for the answer to its sending: so many bytes at most, of which the oldest go first. */
export class Unsent {
	readonly #most: number;
	#waiting: Kept[] = [];
	/** Of all of it. */
	bytes = 0;

	constructor(mostBytes: number) {
		this.#most = mostBytes;
	}

	/** @returns what had to go for it */
	add(item: Item): Item[] {
		const bytes = encoder.encode(item.json).length;
		this.#waiting.push({ ...item, bytes });
		this.bytes += bytes;
		return this.#trim();
	}

	/** Takes everything. Until it is `settled`, it still counts. */
	take(): Kept[] {
		return this.#waiting.splice(0);
	}

	/** @returns what had to go, where it is to be kept for another try */
	settled(items: readonly Kept[], keep: boolean): Item[] {
		if (keep) this.#waiting.unshift(...items);
		else for (const { bytes } of items) this.bytes -= bytes;
		return this.#trim();
	}

	#trim(): Item[] {
		const gone: Item[] = [];
		while (this.bytes > this.#most) {
			const oldest = this.#waiting.shift();
			if (!oldest) break;
			this.bytes -= oldest.bytes;
			gone.push(oldest);
		}
		return gone;
	}
}
