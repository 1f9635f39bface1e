import type { Group } from "./components.ts";
import { groupState, overallState, type State, type Verdict } from "./state.ts";

/** How it stands with a component, and why. */
export interface ComponentStatus extends Verdict {
	readonly group: Group;
	readonly name: string;
	/** What its last check found, where that is not believed yet: "answered 503". */
	readonly pending?: string;
	/** Name of the component that keeps this one from being well, where its state is unknown for that. */
	readonly cause?: string;
	/** ISO 8601, of when the state began; absent before the first check. */
	readonly since?: string;
	/** ISO 8601; absent before the first check. */
	readonly checkedAt?: string;
	/** Seconds that the check took. */
	readonly duration?: number;
	/** Of the check that found it bad first, or of the last one where all is well. */
	readonly traceId?: string | undefined;
}

export interface IntegrationHealth {
	readonly state: State;
	readonly groups: readonly {
		readonly name: Group;
		readonly state: State;
		readonly components: readonly ComponentStatus[];
	}[];
}

/** All components as a tree, with the states of their groups and of all. */
export function healthOf(
	statuses: readonly ComponentStatus[],
): IntegrationHealth {
	const groups = [...Map.groupBy(statuses, ({ group }) => group)].map(
		([name, components]) => ({
			name,
			state: groupState(components.map(({ state }) => state)),
			components,
		}),
	);
	return { state: overallState(groups.map(({ state }) => state)), groups };
}
