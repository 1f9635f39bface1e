import { setTimeout as sleep } from "node:timers/promises";

/** Asks until there is something other than undefined or false; gives up after a time, in seconds. */
export async function waitFor<Value>(
	ask: () => Value | Promise<Value>,
	limit = 30,
): Promise<Exclude<Value, undefined | false>> {
	const end = Date.now() + limit * 1000;
	for (;;) {
		const value = await ask();
		if (isThere(value)) return value;
		if (Date.now() > end) {
			throw new Error(`not so within ${limit} s: ${ask.toString()}`);
		}
		await sleep(50);
	}
}

function isThere<Value>(
	value: Value,
): value is Exclude<Value, undefined | false> {
	return value !== undefined && value !== false;
}
