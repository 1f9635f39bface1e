import { flowMetrics } from "../../metrics/flow.ts";
import { gauge, type Reading } from "../../metrics/metric.ts";
import type { Sample } from "../check.ts";
import type { Verdict } from "../state.ts";
import type { StepResult } from "./step.ts";
import { type StepError, StoppedError } from "./step-error.ts";

/** What became of all steps that were reached. */
export interface FlowResult {
	readonly steps: readonly StepResult[];
	readonly cleanup: readonly StepResult[];
	/** Seconds of the steps, without the cleanup. */
	readonly duration: number;
}

export interface Failure {
	/** Names the step. */
	readonly reason: string;
	readonly cause: StepError;
}

/** What went wrong, in the order in which it did. */
export function failuresIn(results: readonly StepResult[]): Failure[] {
	return results.flatMap(({ step, failure: cause }) =>
		cause ? [{ reason: `step "${step}": ${cause.message}`, cause }] : [],
	);
}

export function verdictOn(result: FlowResult): Verdict {
	const [failed] = failuresIn(result.steps);
	const left = failuresIn(result.cleanup);
	if (failed !== undefined) {
		const names = result.cleanup.flatMap(({ step, failure }) =>
			failure ? [`"${step}"`] : [],
		);
		const also =
			left.length > 0 ? `; cleanup failed too: ${names.join(", ")}` : "";
		return {
			state: failed.cause instanceof StoppedError ? "unknown" : "unhealthy",
			reason: `${failed.reason}${also}`,
		};
	}
	const count = result.steps.length;
	const done = `${count} ${count === 1 ? "step" : "steps"} in ${result.duration.toFixed(2)} s`;
	if (left.length === 0) return { state: "healthy", reason: done };
	const reasons = left.map(({ reason }) => reason).join("; ");
	return {
		state: "degraded",
		reason: `${done}, but cleanup failed: ${reasons}`,
	};
}

/** Of the steps that came to an end. */
export function readingsOf(flow: string, result: FlowResult): Reading[] {
	return endedIn(result).map(({ step, failure }) =>
		gauge(flowMetrics.stepSuccess, failure ? 0 : 1, { flow, step }),
	);
}

export function samplesOf(flow: string, result: FlowResult): Sample[] {
	const durations = endedIn(result).map(({ step, duration }) => ({
		metric: flowMetrics.stepDuration,
		value: duration,
		labels: { flow, step },
	}));
	const { state } = verdictOn(result);
	const outcome = outcomes[state];
	if (outcome === undefined) return durations;
	return [
		...durations,
		{ metric: flowMetrics.runs, value: 1, labels: { flow, outcome } },
	];
}

/** A run that was stopped counts for nothing. */
const outcomes: Readonly<Partial<Record<Verdict["state"], string>>> = {
	healthy: "success",
	unhealthy: "failure",
	degraded: "cleanup_failure",
};

function endedIn({ steps, cleanup }: FlowResult): StepResult[] {
	return [...steps, ...cleanup].filter(
		({ failure }) => !(failure instanceof StoppedError),
	);
}
