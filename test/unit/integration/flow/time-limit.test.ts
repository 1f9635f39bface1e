import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { within } from "../../../../src/integration/flow/time-limit.ts";

test("work that ends in time gives its result, and leaves nothing behind", async () => {
	const stop = new AbortController();
	const limits = { seconds: 60, stop: stop.signal, grace: 60 };
	const seen = await within(limits, async ({ signal }) => signal);
	expect(getEventListeners(stop.signal, "abort")).toEqual([]);
	stop.abort();
	expect(seen.aborted).toBe(false);
});

test("work that fails leaves nothing behind either", async () => {
	const { signal } = new AbortController();
	const work = () => Promise.reject(new Error("of the work"));
	await expect(within({ seconds: 60, stop: signal }, work)).rejects.toThrow(
		"of the work",
	);
	expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("work is told when its time is over, or it is stopped", async () => {
	const stop = new AbortController();
	const isOver = (seconds: number) =>
		within({ seconds, stop: stop.signal }, async ({ signal, pause }) => {
			await pause(60);
			return signal.aborted;
		});
	expect(await isOver(0.05)).toBe(true);
	const running = isOver(60);
	stop.abort();
	expect(await running).toBe(true);
	expect(await isOver(60)).toBe(true);
});

test("work that has grace is told later than it is stopped, and never has more time than before", async () => {
	const stop = AbortSignal.abort();
	const work = within(
		{ seconds: 60, stop, grace: 0.05 },
		async ({ signal, pause }) => {
			const before = signal.aborted;
			await pause(60);
			return [before, signal.aborted];
		},
	);
	expect(await work).toEqual([false, true]);
	const short = within(
		{ seconds: 0.05, stop, grace: 60 },
		async ({ signal, pause }) => {
			await pause(60);
			return signal.aborted;
		},
	);
	expect(await short).toBe(true);
});
