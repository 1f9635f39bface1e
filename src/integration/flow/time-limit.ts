import { setTimeout as sleep } from "node:timers/promises";

/** How long some work may go on. */
export interface TimeLimit {
	/** Aborted when the time is over. */
	readonly signal: AbortSignal;
	/** Waits for so many seconds, or until the time is over. */
	pause(seconds: number): Promise<void>;
}

export interface LimitOptions {
	readonly seconds: number;
	/** Ends it early. */
	readonly stop: AbortSignal;
	/** Seconds that are left at most once it is stopped; none unless given. */
	readonly grace?: number;
}

/** Does work that has to end in time. Nothing is left of the limit when the work is done. */
export async function within<Result>(
	{ seconds, stop, grace = 0 }: LimitOptions,
	work: (limit: TimeLimit) => Promise<Result>,
): Promise<Result> {
	const controller = new AbortController();
	const { signal } = controller;
	const abort = () => controller.abort();
	let end = performance.now() + seconds * 1000;
	let timer = setTimeout(abort, seconds * 1000);
	const left = () => Math.max(0, (end - performance.now()) / 1000);
	const shorten = () => {
		clearTimeout(timer);
		if (grace === 0) return abort();
		end = performance.now() + Math.min(left(), grace) * 1000;
		timer = setTimeout(abort, left() * 1000);
	};
	if (stop.aborted) shorten();
	stop.addEventListener("abort", shorten, { once: true });
	const pause = async (duration: number) => {
		await sleep(duration * 1000, undefined, { signal }).catch(() => {});
	};
	try {
		return await work({ signal, pause });
	} finally {
		clearTimeout(timer);
		stop.removeEventListener("abort", shorten);
	}
}
