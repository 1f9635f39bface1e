import type { Labels, Metric, Reading } from "../metrics/metric.ts";
import type { Group } from "./components.ts";
import type { Condition } from "./data-flows/freshness.ts";
import type { Verdict } from "./state.ts";

/** A value to be recorded in a histogram, or, with `count`, added to a counter. */
export interface Sample {
	readonly metric: Metric;
	readonly value: number;
	readonly labels: Labels;
}

/** What one run of a check found. */
export interface CheckResult {
	readonly verdict: Verdict;
	/** Seconds. */
	readonly duration: number;
	/** Where the trace of this run is found, if traces are kept. */
	readonly traceId?: string | undefined;
	/** Of a data flow: how it stands by itself. */
	readonly condition?: Condition;
	/** Reported until the next run. */
	readonly readings?: readonly Reading[];
	/** Recorded once. */
	readonly samples?: readonly Sample[];
}

/** Looks at one component, again and again. */
export interface Check {
	readonly group: Group;
	readonly name: string;
	/** Seconds between two runs. */
	readonly interval: number;
	/** Names of the checks without which this one can't succeed. */
	readonly dependsOn: readonly string[];
	/** The stage of a data flow's chain that this one gets its data from. */
	readonly after?: string | undefined;
	/** Seconds that it may take to catch up, once what it hangs on is well again. */
	readonly catchUp?: number | undefined;
	readonly failuresBeforeUnhealthy: number;
	readonly successesBeforeHealthy: number;
	/** Never rejects: what goes wrong is a verdict. */
	run(signal: AbortSignal): Promise<CheckResult>;
}
