/**
 * Since when a standby may lack something, by what it was told of and what it had replayed in each round.
 *
 * Postgres itself knows only when the last transaction that was replayed had been committed: after an hour in which the primary had
 * nothing to write, that would make an hour's lag of a moment's.
 */
export class Replay {
	#replayed = 0;
	/** When it last was known to have all that there was, in seconds. */
	#complete: number | undefined;
	/** The end of the WAL at a time, which is still to be replayed. */
	#awaited: { readonly end: number; readonly at: number } | undefined;

	/**
	 * @param replayed,end positions in the WAL; the end is that which the primary told of, or null while it tells of none
	 * @param at in seconds
	 * @returns seconds, at most, since there is something to be replayed; undefined where it can't be told yet
	 */
	behind(replayed: number, end: number | null, at: number): number | undefined {
		// Replay never goes back: this is another server.
		if (replayed < this.#replayed) {
			this.#complete = undefined;
			this.#awaited = undefined;
		}
		this.#replayed = replayed;
		if (this.#awaited !== undefined && replayed >= this.#awaited.end) {
			this.#complete = this.#awaited.at;
			this.#awaited = undefined;
		}
		if (end !== null) {
			if (replayed >= end) this.#complete = at;
			else this.#awaited ??= { end, at };
		}
		return this.#complete === undefined ? undefined : at - this.#complete;
	}
}
