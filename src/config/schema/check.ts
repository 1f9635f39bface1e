import { names, seconds, wholeNumber } from "./values.ts";

/** How often something is checked, and when it is believed to have changed. */
export const checkShape = {
	interval: seconds(0.1, 86_400)
		.optional()
		.describe("Seconds between two checks; `check_interval` unless given."),
	depends_on: names("names of other checks")
		.default([])
		.describe(
			"What this one can't work without: while it is down, a failure here is `unknown` and no alert.",
		),
	failures_before_unhealthy: wholeNumber(1, 20, "checks")
		.optional()
		.describe("In the place of the setting of all."),
	successes_before_healthy: wholeNumber(1, 20, "checks")
		.optional()
		.describe("In the place of the setting of all."),
};
