import type { FlowConfig } from "../../config/schema/flow.ts";
import type { Check } from "../check.ts";
import type { Mask } from "../excerpt.ts";
import type { SqlReader, TracedRequest } from "./dependencies.ts";
import { runFlow } from "./run.ts";

export interface FlowOptions {
	readonly name: string;
	readonly config: FlowConfig;
	/** Seconds between two runs. */
	readonly interval: number;
	readonly failuresBeforeUnhealthy: number;
	readonly successesBeforeHealthy: number;
	/** Takes configured secrets out of what is shown. */
	readonly mask: Mask;
	readonly request: TracedRequest;
	/** Absent where no database is known: steps that ask one fail. */
	readonly database?: SqlReader | undefined;
}

/** An end-to-end flow as a check. Each run is one trace, and removes what it made. */
export function createFlow(options: FlowOptions): Check {
	const { name, config, interval } = options;
	return {
		group: "e2e_flows",
		name,
		interval,
		dependsOn: config.depends_on,
		failuresBeforeUnhealthy: options.failuresBeforeUnhealthy,
		successesBeforeHealthy: options.successesBeforeHealthy,
		run: (stop) => runFlow(options, stop),
	};
}
