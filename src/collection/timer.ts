export interface Timer {
	stop(): void;
}

/**
 * Calls at every multiple of the interval from now on. It does not drift: a late call does not delay the next.
 * @param interval seconds
 */
export function every(interval: number, call: () => void): Timer {
	const length = interval * 1000;
	const start = performance.now();
	let tick = 0;
	let handle: NodeJS.Timeout;
	const schedule = () => {
		const past = performance.now() - start;
		// A timer may fire a fraction of a millisecond early; the same tick must not come twice.
		tick = Math.max(tick, Math.floor(past / length)) + 1;
		handle = setTimeout(run, tick * length - past);
	};
	const run = () => {
		schedule();
		call();
	};
	schedule();
	return { stop: () => clearTimeout(handle) };
}
