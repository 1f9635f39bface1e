import { flow } from "../../../../src/config/schema/flow.ts";
import type { Check, CheckResult } from "../../../../src/integration/check.ts";
import type { FlowOptions } from "../../../../src/integration/flow/flow.ts";
import { createFlow } from "../../../../src/integration/flow/flow.ts";
import { tracedRequest } from "../../../../src/integration/http/traced-request.ts";
import { masker } from "../../../../src/telemetry/mask.ts";

/** What no reason may show. */
export const secret = "hunter-two-of-the-tests";

/** The flow "sign_up" of a configuration, as a file would hold it. */
export function makeFlow(
	config: unknown,
	options: Partial<FlowOptions> = {},
): Check {
	return createFlow({
		name: "sign_up",
		config: flow.parse(config),
		interval: 60,
		failuresBeforeUnhealthy: 1,
		successesBeforeHealthy: 1,
		mask: masker([secret]),
		request: tracedRequest,
		...options,
	});
}

/** Runs it once. */
export function runOnce(
	config: unknown,
	options: Partial<FlowOptions> = {},
): Promise<CheckResult> {
	return makeFlow(config, options).run(new AbortController().signal);
}
