/** Bytes that an answer may have. */
export const bodyLimit = 1024 * 1024;

/**
 * Text that comes in chunks, up to a limit. The chunks are copied together, since a liar's are of one byte each, and a
 * million of them weigh a hundred times what they hold.
 */
export class BoundedText {
	#bytes = Buffer.alloc(0);
	#length = 0;

	/** Whether it was still within the limit. */
	add(chunk: Buffer): boolean {
		const length = this.#length + chunk.length;
		if (length > bodyLimit) return false;
		if (length > this.#bytes.length) this.#grow(length);
		chunk.copy(this.#bytes, this.#length);
		this.#length = length;
		return true;
	}

	/** What is not UTF-8 is replaced. */
	toString(): string {
		return new TextDecoder().decode(this.#bytes.subarray(0, this.#length));
	}

	#grow(length: number): void {
		const size = Math.min(bodyLimit, Math.max(4096, 2 * length));
		const bytes = Buffer.alloc(size);
		this.#bytes.copy(bytes, 0, 0, this.#length);
		this.#bytes = bytes;
	}
}
