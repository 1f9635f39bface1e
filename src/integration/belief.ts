import type { State, Verdict } from "./state.ts";

/** What is believed of a component, and what speaks against it. */
export interface Belief {
	readonly verdict: Verdict;
	/** The last of the findings in a row that contradict it. */
	readonly contrary?: {
		readonly verdict: Verdict;
		readonly isWorse: boolean;
		readonly times: number;
	};
}

/** How many findings in a row it takes to change what is believed. */
export interface Patience {
	readonly failuresBeforeUnhealthy: number;
	readonly successesBeforeHealthy: number;
}

/** Unknown comes first: it takes as many failures to make something bad of it as of what is healthy. */
const order: readonly State[] = ["unknown", "healthy", "degraded", "unhealthy"];

/** What is believed after one more finding. One that contradicts has to come several times in a row. */
export function afterFinding(
	belief: Belief,
	found: Verdict,
	patience: Patience,
): Belief {
	const { state } = belief.verdict;
	if (found.state === state || found.state === "unknown") {
		return { verdict: found };
	}
	const isWorse = isBad(found.state) && rank(found.state) > rank(state);
	const before = belief.contrary?.isWorse === isWorse ? belief.contrary : null;
	const times = (before?.times ?? 0) + 1;
	const needed = isWorse
		? patience.failuresBeforeUnhealthy
		: patience.successesBeforeHealthy;
	if (times >= needed) return { verdict: found };
	return {
		verdict: belief.verdict,
		contrary: { verdict: found, isWorse, times },
	};
}

export function isBad(state: State): boolean {
	return state === "degraded" || state === "unhealthy";
}

function rank(state: State): number {
	return order.indexOf(state);
}
