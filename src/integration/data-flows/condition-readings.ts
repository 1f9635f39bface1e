import { integrationMetrics } from "../../metrics/integration.ts";
import { gauge, type Reading } from "../../metrics/metric.ts";
import type { Condition } from "./freshness.ts";

/** The condition of a data flow, as it stands by itself or behind another one. */
export function conditionReadings(
	flow: string,
	condition: Condition | "behind",
): Reading[] {
	const { dataFlowCondition } = integrationMetrics;
	return dataFlowCondition.labels.condition.map((each) =>
		gauge(dataFlowCondition, each === condition ? 1 : 0, {
			flow,
			condition: each,
		}),
	);
}
