import { span } from "../duration.ts";
import type { Verdict } from "../state.ts";
import type { SourceValue } from "../values/source.ts";

/** How it stands with a data flow by itself; `behind` is said of one by those before it. */
export type Condition = "fresh" | "stale" | "stopped" | "empty" | "unreadable";

export interface Freshness {
	readonly condition: Condition;
	readonly verdict: Verdict;
	/** Seconds. */
	readonly age?: number;
}

/** Seconds after which a flow that should have gone on is not only late. */
const stoppedAfter = 2 * 3600;
/** Seconds that a time may lie in the future: clocks differ by so much. */
const toleratedFuture = 60;

/**
 * Judges the age of a flow's newest data: a time, or a number of seconds.
 * @param maxAge seconds
 */
export function judgeFreshness(value: SourceValue, maxAge: number): Freshness {
	if (value.kind === "nothing") return bad("empty", "has no data at all");
	const age = value.kind === "time" ? value.age : value.value;
	if (age < -toleratedFuture) {
		return bad(
			"unreadable",
			`its newest data is ${span(-age)} in the future`,
			age,
		);
	}
	const told = `newest data is ${span(Math.max(0, age))} old`;
	if (age <= maxAge) {
		return {
			condition: "fresh",
			verdict: { state: "healthy", reason: told },
			age,
		};
	}
	const limit = `the limit is ${span(maxAge)}`;
	return age > Math.max(maxAge, stoppedAfter)
		? bad("stopped", `has stopped: its ${told}, ${limit}`, age)
		: bad("stale", `its ${told}, ${limit}`, age);
}

/** Of a flow whose age could not be read, and why. */
export function unreadable(problem: string): Freshness {
	return bad("unreadable", `its age cannot be read: ${problem}`);
}

function bad(condition: Condition, reason: string, age?: number): Freshness {
	return { condition, verdict: { state: "unhealthy", reason }, age };
}
