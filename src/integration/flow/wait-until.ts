import type { StepConfig } from "../../config/schema/flow.ts";
import { asStepError, StepError, VariableError } from "./step-error.ts";
import { type TimeLimit, within } from "./time-limit.ts";

/**
 * Repeats an attempt until it succeeds, or time is up.
 * @throws StepError with the last failure and the number of attempts
 */
export async function waitUntil(
	{ timeout, every }: NonNullable<StepConfig["wait_until"]>,
	{ signal }: TimeLimit,
	attempt: (limit: TimeLimit) => Promise<void>,
): Promise<void> {
	let last = new StepError("no answer in that time", "timeout");
	let tries = 0;
	const isDone = await within(
		{ seconds: timeout, stop: signal },
		async (limit) => {
			while (!limit.signal.aborted) {
				tries += 1;
				const begun = performance.now();
				const failure = await failureOf(() => attempt(limit));
				if (failure === undefined) return true;
				if (failure instanceof VariableError) throw failure;
				// What was cut off says nothing about what was waited for.
				if (!limit.signal.aborted) last = failure;
				const taken = (performance.now() - begun) / 1000;
				await limit.pause(Math.max(0, every - taken));
			}
			return false;
		},
	);
	if (isDone) return;
	const often = tries === 1 ? "once" : `${tries} times`;
	// Where the flow's own time is over first, the caller says so.
	const limit = signal.aborted ? "" : `not so within ${timeout} s, `;
	throw new StepError(
		`${limit}tried ${often}: ${last.message}`,
		last.errorType,
	);
}

async function failureOf(
	attempt: () => Promise<void>,
): Promise<StepError | undefined> {
	try {
		await attempt();
		return undefined;
	} catch (error) {
		return asStepError(error);
	}
}
