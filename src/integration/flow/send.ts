import type { Context } from "@opentelemetry/api";
import type { HttpRequestConfig } from "../../config/schema/request.ts";
import { failedAssertion } from "../assertions.ts";
import { excerpt, type Mask } from "../excerpt.ts";
import type { HttpAnswer } from "../http/exchange.ts";
import type { Run } from "./dependencies.ts";
import { fillAssertions, fillRequest } from "./fill-request.ts";
import { StepError } from "./step-error.ts";
import type { TimeLimit } from "./time-limit.ts";

/**
 * Sends a step's request, and gives the answer if it is the right one.
 * @throws StepError if not
 */
export async function send(
	config: HttpRequestConfig,
	run: Run,
	parent: Context,
	limit: TimeLimit,
): Promise<HttpAnswer> {
	const { method, expected_status: expected } = config;
	const request = fillRequest(config, run.variables);
	const assertions = fillAssertions(config.assertions, run.variables);
	const { result } = await run.request(method, request, parent, limit.signal);
	if (result.kind === "failure") {
		throw new StepError(result.reason, result.errorType);
	}
	const { status } = result;
	if (!(expected?.includes(status) ?? isSuccess(status))) {
		const wanted = expected?.join("/") ?? "2xx";
		throw new StepError(
			`answered ${status} instead of ${wanted}${gotten(result.body, run.mask)}`,
			String(status),
		);
	}
	const failed = failedAssertion(assertions, result, run.mask);
	if (failed !== undefined) throw new StepError(failed, "assertion");
	return result;
}

function isSuccess(status: number): boolean {
	return status >= 200 && status < 300;
}

function gotten(body: string, mask: Mask): string {
	const shown = excerpt(body, mask);
	return shown === "" ? "" : `: ${shown}`;
}
