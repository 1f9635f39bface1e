import type { History } from "../history/history.ts";
import type { Check } from "./check.ts";
import { states } from "./state.ts";
import type { Known } from "./watched.ts";

/**
 * What the last run of each check found before a restart, where that is no older than the check's interval: until its
 * next turn, no one knows better. Heartbeats have their own memory. By `<group>/<name>`.
 * @param now Unix ms
 */
export function knownBefore(
	checks: readonly Check[],
	history: Pick<History, "entries">,
	now: number,
): Map<string, Known> {
	const intervals = new Map(
		checks
			.filter(({ group }) => group !== "heartbeats")
			.map(({ group, name, interval }) => [
				`${group}/${name}`,
				interval * 1000,
			]),
	);
	const longest = Math.max(0, ...intervals.values());
	const known = new Map<string, Known>();
	for (const entry of history.entries("integration", now - longest)) {
		const { at, name, state, reason = "", traceId } = entry;
		const interval = intervals.get(name) ?? 0;
		const knownState = states.find((each) => each === state);
		if (now - at >= interval || !knownState) continue;
		known.set(name, { at, state: knownState, reason, traceId });
	}
	return known;
}
