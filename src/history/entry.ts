/** Whose state an entry tells. */
export type Scope = "system" | "integration";

/** What was found of one thing at one time. */
export interface Entry {
	/** Unix time in ms. */
	readonly at: number;
	readonly scope: Scope;
	/** What it is about: `system`, `backend_services/data_sync`, … */
	readonly name: string;
	readonly state: string;
	/** Why, in words. Cut after 500 characters. */
	readonly reason?: string | undefined;
	/** 32 hex digits. */
	readonly traceId?: string | undefined;
	/** How long the check took, in ms; kept to the microsecond. */
	readonly durationMs?: number | undefined;
}

/** How many checks of a name there were in a time, and how many of them found it up: healthy or degraded. */
export interface UpCount {
	readonly up: number;
	readonly total: number;
}

/** Whether a state counts for the uptime, and as what; unknown has no say. */
export function isUp(state: string): boolean | undefined {
	if (state === "unknown") return undefined;
	return state === "healthy" || state === "degraded";
}

/** Counts entries by a key; those without a say are left out. */
export function countUp(
	entries: readonly Entry[],
	keyOf: (entry: Entry) => string,
): Map<string, UpCount> {
	const counts = new Map<string, { up: number; total: number }>();
	for (const entry of entries) {
		const up = isUp(entry.state);
		if (up === undefined) continue;
		const key = keyOf(entry);
		const count = counts.get(key) ?? { up: 0, total: 0 };
		counts.set(key, count);
		count.up += up ? 1 : 0;
		count.total += 1;
	}
	return counts;
}
