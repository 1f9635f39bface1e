import { integrationMetrics } from "../metrics/integration.ts";
import {
	gauge,
	type Labels,
	type Metric,
	type Reading,
} from "../metrics/metric.ts";
import { isBad } from "./belief.ts";
import type { ComponentStatus, IntegrationHealth } from "./component-status.ts";
import { type State, states } from "./state.ts";

/** The states of components, of the groups that they form, and of all, as metrics. */
export function healthReadings({
	state,
	groups,
}: IntegrationHealth): Reading[] {
	if (groups.length === 0) return [];
	return [
		...oneOf(integrationMetrics.overallState, state, {}),
		...groups.flatMap((group) => [
			...oneOf(integrationMetrics.groupState, group.state, {
				group: group.name,
			}),
			...group.components.flatMap(componentReadings),
		]),
	];
}

function componentReadings(status: ComponentStatus): Reading[] {
	const { group, name, state, checkedAt, traceId } = status;
	const labels = { group, component: name };
	const isUp = state === "healthy" || state === "degraded";
	return [
		...oneOf(integrationMetrics.componentState, state, labels),
		...(state === "unknown"
			? []
			: [gauge(integrationMetrics.componentUp, isUp ? 1 : 0, labels)]),
		...(checkedAt === undefined
			? []
			: [
					gauge(
						integrationMetrics.lastCheck,
						Date.parse(checkedAt) / 1000,
						labels,
					),
				]),
		...(isBad(state) && traceId !== undefined
			? [
					gauge(integrationMetrics.componentFailure, 1, {
						...labels,
						trace_id: traceId,
					}),
				]
			: []),
	];
}

function oneOf(metric: Metric, state: State, labels: Labels): Reading[] {
	return states.map((each) =>
		gauge(metric, each === state ? 1 : 0, { ...labels, state: each }),
	);
}
