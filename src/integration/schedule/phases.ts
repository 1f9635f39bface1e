interface Regular {
	/** Seconds. */
	readonly interval: number;
}

/** Each one's place within its interval, in ms: those of one interval are spread evenly over it. */
export function phasesOf<Item extends Regular>(
	items: readonly Item[],
): Map<Item, number> {
	const phases = new Map<Item, number>();
	for (const [interval, alike] of Map.groupBy(items, (item) => item.interval)) {
		for (const [index, item] of alike.entries()) {
			phases.set(item, (index / alike.length) * interval * 1000);
		}
	}
	return phases;
}

/**
 * The next time after `now` that is `phase` after a multiple of the interval, all in ms of Unix time.
 * It depends on nothing else, so that a restart changes no one's turn.
 */
export function nextTurn(now: number, interval: number, phase: number): number {
	const turns = Math.floor((now - phase) / interval) + 1;
	return turns * interval + phase;
}
