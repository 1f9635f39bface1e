import type { Reading } from "../metrics/metric.ts";
import type { Told } from "./causes.ts";
import { healthReadings } from "./component-readings.ts";
import { healthOf } from "./component-status.ts";
import { conditionReadings } from "./data-flows/condition-readings.ts";
import type { Uptime } from "./uptime.ts";
import type { Watched } from "./watched.ts";

/** All that is to be reported of components now: their states, what their last checks have read, and their uptime. */
export function readingsOf(
	components: readonly Watched[],
	toldOf: (component: Watched) => Told,
	uptime: Uptime,
): Reading[] {
	const now = Date.now();
	const statuses = components.map((component) =>
		component.status(toldOf(component)),
	);
	return [
		...healthReadings(healthOf(statuses)),
		...components.flatMap((component) => [
			...component.readings,
			...conditionOf(component, toldOf),
			...uptime.readings(component.check.group, component.name, now),
		]),
	];
}

function conditionOf(
	component: Watched,
	toldOf: (component: Watched) => Told,
): Reading[] {
	const { name, condition } = component;
	if (condition === undefined) return [];
	return conditionReadings(
		name,
		toldOf(component).isBehind ? "behind" : condition,
	);
}
