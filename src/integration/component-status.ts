import { integrationMetrics } from "../metrics/integration.ts";
import { gauge, type Reading } from "../metrics/metric.ts";
import type { Group } from "./components.ts";
import { groupState, type State, states, type Verdict } from "./state.ts";

/** What the last probe of a component found. */
export interface ComponentStatus extends Verdict {
	readonly group: Group;
	readonly name: string;
	/** ISO 8601; absent before the first probe. */
	readonly checkedAt?: string;
	/** Seconds that the probe took. */
	readonly duration?: number;
	readonly traceId?: string | undefined;
}

/** The states of components, and of the groups that they form, as metrics. */
export function componentReadings(
	statuses: readonly ComponentStatus[],
): Reading[] {
	const groups = Map.groupBy(statuses, ({ group }) => group);
	return [
		...statuses.flatMap(upReading),
		...statuses.flatMap(({ group, name, state }) =>
			states.map((each) =>
				gauge(integrationMetrics.componentState, is(each, state), {
					group,
					component: name,
					state: each,
				}),
			),
		),
		...[...groups].flatMap(([group, members]) => {
			const state = groupState(members.map((member) => member.state));
			return states.map((each) =>
				gauge(integrationMetrics.groupState, is(each, state), {
					group,
					state: each,
				}),
			);
		}),
	];
}

function upReading({ group, name, state }: ComponentStatus): Reading[] {
	if (state === "unknown") return [];
	const up = state === "healthy" || state === "degraded";
	const labels = { group, component: name };
	return [gauge(integrationMetrics.componentUp, up ? 1 : 0, labels)];
}

function is(each: State, state: State): 0 | 1 {
	return each === state ? 1 : 0;
}
