import { z } from "zod";
import { checkShape } from "./check.ts";
import { hasOneSource, sourceError, sourceShape } from "./source.ts";
import { mapping, name, seconds } from "./values.ts";

const year = 31_536_000;

const maximumAge = () => seconds(1, year);

const freshness = mapping({
	...sourceShape,
	...checkShape,
	max_age: maximumAge().describe("Seconds that the newest data may be old."),
	after: name()
		.optional()
		.describe("The stage of the chain that this one gets its data from."),
})
	.refine(hasOneSource, { error: sourceError })
	.meta({ id: "data_flow" });

/** A maximum age, or a whole stage of a chain. */
export const dataFlow = z
	.union([maximumAge(), freshness], {
		error:
			"a maximum age in seconds, or a mapping with max_age and either sql, or request and json",
	})
	.transform((value) =>
		typeof value === "number" ? { max_age: value } : value,
	);

const heartbeatObject = mapping({
	max_age: maximumAge().describe("Seconds between two reports at most."),
	grace: seconds(0, year)
		.default(60)
		.describe("Seconds that a report may be late."),
	depends_on: checkShape.depends_on,
}).meta({ id: "heartbeat" });

/** A maximum age, or that with what it may be late. */
export const heartbeat = z
	.union([maximumAge(), heartbeatObject], {
		error: "a maximum age in seconds, or a mapping with max_age",
	})
	.transform((value) =>
		typeof value === "number"
			? heartbeatObject.parse({ max_age: value })
			: value,
	);

export type DataFlowConfig = z.output<typeof dataFlow>;
export type FreshnessConfig = z.output<typeof freshness>;
export type HeartbeatConfig = z.output<typeof heartbeat>;
