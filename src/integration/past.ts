import { countUp, type Entry } from "../history/entry.ts";
import { percent } from "./uptime.ts";

export interface PastComponentState {
	/** ISO 8601 */
	readonly at: string;
	readonly group: string;
	readonly name: string;
	readonly state: string;
	readonly reason?: string | undefined;
	readonly traceId?: string | undefined;
	/** Seconds. */
	readonly duration?: number | undefined;
}

export interface ComponentUptime {
	readonly group: string;
	readonly name: string;
	/** Share of the checks that found it healthy or degraded, in %. Unknown ones have no say. */
	readonly percent: number;
	/** How many checks that is a share of. */
	readonly checks: number;
}

export interface IntegrationHistory {
	/** Oldest first. */
	readonly results: readonly PastComponentState[];
	readonly uptime: readonly ComponentUptime[];
}

/**
 * Past entries as they are given out, and the uptime by all of them.
 * @param most how many results are given, the newest; all unless told
 */
export function pastOf(
	entries: readonly Entry[],
	most = entries.length,
): IntegrationHistory {
	const told = entries.slice(Math.max(0, entries.length - most));
	return { results: told.map(resultOf), uptime: uptimeOf(entries) };
}

function resultOf(entry: Entry): PastComponentState {
	const { at, state, reason, traceId, durationMs } = entry;
	return {
		at: new Date(at).toISOString(),
		...placeOf(entry.name),
		state,
		reason,
		traceId,
		duration: durationMs === undefined ? undefined : durationMs / 1000,
	};
}

function uptimeOf(entries: readonly Entry[]): ComponentUptime[] {
	const counts = countUp(entries, ({ name }) => name);
	return [...counts].map(([name, count]) => ({
		...placeOf(name),
		percent: percent(count),
		checks: count.total,
	}));
}

function placeOf(path: string): { group: string; name: string } {
	const [group = "", name = ""] = path.split("/", 2);
	return { group, name };
}
