import type { Context } from "@opentelemetry/api";
import type { StepConfig } from "../../config/schema/flow.ts";
import { ask } from "./ask.ts";
import type { Run } from "./dependencies.ts";
import { extractFromAnswer, extractFromValue } from "./extract.ts";
import { send } from "./send.ts";
import type { TimeLimit } from "./time-limit.ts";

/**
 * Carries a step out, once.
 * @throws StepError if it fails
 */
export async function attempt(
	step: StepConfig,
	run: Run,
	parent: Context,
	limit: TimeLimit,
): Promise<void> {
	const { request, sql } = step;
	const extracted =
		request === undefined
			? extractFromValue(
					step.extract,
					await ask({ ...step, sql: sql ?? "" }, run, parent, limit),
				)
			: extractFromAnswer(
					step.extract,
					await send(request, run, parent, limit),
				);
	for (const [name, value] of extracted) run.variables.set(name, value);
}
