import type { Span } from "@opentelemetry/api";
import type { StepConfig } from "../../config/schema/flow.ts";
import { redacted } from "../excerpt.ts";
import { attempt } from "./attempt.ts";
import type { Run } from "./dependencies.ts";
import { contextOf, markFailed, startSpan } from "./spans.ts";
import { asStepError, StepError, StoppedError } from "./step-error.ts";
import type { TimeLimit } from "./time-limit.ts";
import { waitUntil } from "./wait-until.ts";

/** What became of a step that ran. */
export interface StepResult {
	readonly step: string;
	/** Seconds. */
	readonly duration: number;
	/** Without secrets. */
	readonly failure?: StepError;
}

/**
 * Carries a step out, in a span beneath the flow's. Never rejects.
 * @param overtime why the step is cut off when the limit is over
 */
export async function runStep(
	step: StepConfig,
	run: Run,
	flow: Span,
	limit: TimeLimit,
	overtime: () => StepError,
): Promise<StepResult> {
	const start = performance.now();
	const span = startSpan(`step ${step.name}`, contextOf(flow));
	const failure = await failureOf(step, run, span, limit, overtime);
	if (failure !== undefined) markFailed(span, failure.message, failure);
	span.end();
	const duration = (performance.now() - start) / 1000;
	return { step: step.name, duration, ...(failure && { failure }) };
}

async function failureOf(
	step: StepConfig,
	run: Run,
	span: Span,
	limit: TimeLimit,
	overtime: () => StepError,
): Promise<StepError | undefined> {
	const once = (within: TimeLimit) =>
		attempt(step, run, contextOf(span), within);
	try {
		if (limit.signal.aborted) return overtime();
		await (step.wait_until === undefined
			? once(limit)
			: waitUntil(step.wait_until, limit, once));
		return undefined;
	} catch (error) {
		const { message, errorType } = asStepError(error);
		const reason = redacted(message, run.mask);
		if (!limit.signal.aborted) return new StepError(reason, errorType);
		const over = overtime();
		if (step.wait_until === undefined || over instanceof StoppedError) {
			return over;
		}
		return new StepError(`${over.message}, ${reason}`, over.errorType);
	}
}
