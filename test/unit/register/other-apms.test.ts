import { expect, test } from "vitest";
import { apmsInFlags } from "../../../src/register/other-apms.ts";

test.each([
	[["--import", "dd-trace/initialize.mjs"], "dd-trace"],
	[["--require=newrelic"], "newrelic"],
	[["-r", "elastic-apm-node/start"], "elastic-apm-node"],
	[
		["--import=file:///app/node_modules/@sentry/node/preload.js"],
		"@sentry/node",
	],
	[["--require", "C:\\app\\node_modules\\dd-trace\\init.js"], "dd-trace"],
	[
		["--experimental-loader=@opentelemetry/instrumentation/hook.mjs"],
		"@opentelemetry/instrumentation",
	],
	[["--import", "import-in-the-middle/hook.mjs"], "import-in-the-middle"],
])("%j starts with %s", (flags, name) => {
	expect(apmsInFlags(flags, "")).toEqual([name]);
	expect(
		apmsInFlags([], `--max-old-space-size=512  ${flags.join(" ")}`),
	).toEqual([name]);
	expect(apmsInFlags([], flags.map((flag) => `"${flag}"`).join(" "))).toEqual([
		name,
	]);
});

test.each([
	[[]],
	[["--import", "adult-matching-monitoring/register"]],
	[["--require", "./dd-trace-notes.js"]],
	[["--require", "newrelic.config.js"]],
])("%j starts with none", (flags) => {
	expect(apmsInFlags(flags, flags.join(" "))).toEqual([]);
});
