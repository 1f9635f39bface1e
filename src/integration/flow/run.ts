import { randomUUID } from "node:crypto";
import type { Span } from "@opentelemetry/api";
import type { StepConfig } from "../../config/schema/flow.ts";
import type { CheckResult } from "../check.ts";
import type { Run } from "./dependencies.ts";
import type { FlowOptions } from "./flow.ts";
import { runId } from "./references.ts";
import {
	type FlowResult,
	failuresIn,
	readingsOf,
	samplesOf,
	verdictOn,
} from "./results.ts";
import { hiding, secretVariables } from "./secret-variables.ts";
import { markFailed, startSpan, traceIdOf } from "./spans.ts";
import { runStep, type StepResult } from "./step.ts";
import { StepError, StoppedError } from "./step-error.ts";
import { variablesOf } from "./templates.ts";
import { type TimeLimit, within } from "./time-limit.ts";

/** Seconds that cleaning up may take at most once the monitor stops. */
const graceAtStop = 3;

/** Runs a flow once, in a trace of its own, and cleans up whatever happened. */
export async function runFlow(
	options: FlowOptions,
	stop: AbortSignal,
): Promise<CheckResult> {
	const { name } = options;
	const span = startSpan(`flow ${name}`);
	const result = await resultOf(options, span, stop);
	const [failure] = failuresIn([...result.steps, ...result.cleanup]);
	if (failure !== undefined) markFailed(span, failure.reason, failure.cause);
	span.end();
	return {
		verdict: verdictOn(result),
		duration: result.duration,
		traceId: traceIdOf(span),
		readings: readingsOf(name, result),
		samples: samplesOf(name, result),
	};
}

async function resultOf(
	options: FlowOptions,
	span: Span,
	stop: AbortSignal,
): Promise<FlowResult> {
	const { timeout: seconds, steps, cleanup } = options.config;
	const run = beginRun(options);
	const start = performance.now();
	const done = await within({ seconds, stop }, (limit) =>
		runSteps(steps, run, span, limit, () =>
			stop.aborted ? new StoppedError() : overtime("the flow's", seconds),
		),
	);
	const duration = (performance.now() - start) / 1000;
	const cleaned = await within({ seconds, stop, grace: graceAtStop }, (limit) =>
		cleanUp(cleanup, run, span, limit, () =>
			overtime("cleanup's", stop.aborted ? graceAtStop : seconds),
		),
	);
	return { steps: done, cleanup: cleaned, duration };
}

function beginRun({ config, mask, request, database }: FlowOptions): Run {
	const variables = new Map([[runId, randomUUID()]]);
	return {
		variables,
		request,
		database,
		mask: hiding(secretVariables(config), variables, mask),
	};
}

function overtime(whose: string, seconds: number): StepError {
	return new StepError(`did not end within ${whose} ${seconds} s`, "timeout");
}

/** One after the other, until one fails. */
async function runSteps(
	steps: readonly StepConfig[],
	run: Run,
	flow: Span,
	limit: TimeLimit,
	overtime: () => StepError,
): Promise<StepResult[]> {
	const results: StepResult[] = [];
	for (const step of steps) {
		const result = await runStep(step, run, flow, limit, overtime);
		results.push(result);
		if (result.failure !== undefined) break;
	}
	return results;
}

/** One after the other, whichever fails. What would remove a thing that was never made is left out. */
async function cleanUp(
	steps: readonly StepConfig[],
	run: Run,
	flow: Span,
	limit: TimeLimit,
	overtime: () => StepError,
): Promise<StepResult[]> {
	const results: StepResult[] = [];
	for (const step of steps) {
		if (!variablesOf(step).every((name) => run.variables.has(name))) continue;
		results.push(await runStep(step, run, flow, limit, overtime));
	}
	return results;
}
