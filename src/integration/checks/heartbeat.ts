import type { HeartbeatConfig } from "../../config/schema/data-flow.ts";
import type { Check } from "../check.ts";
import type { Heartbeats } from "../heartbeats/heartbeats.ts";

/**
 * Looks whether a job has reported in time.
 * @param interval seconds
 */
export function createHeartbeatCheck(
	name: string,
	config: HeartbeatConfig,
	heartbeats: Heartbeats,
	interval: number,
): Check {
	return {
		group: "heartbeats",
		name,
		interval,
		dependsOn: config.depends_on,
		// What it has reported stands until its next run.
		catchUp: config.max_age + config.grace,
		// What is kept is certain: there is nothing to confirm.
		failuresBeforeUnhealthy: 1,
		successesBeforeHealthy: 1,
		run: async () => {
			const now = Date.now();
			heartbeats.seen(now);
			return { ...heartbeats.judge(name, now), duration: 0 };
		},
	};
}
