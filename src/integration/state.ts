/** State of a component, of a group of components, and of all groups. */
export type State = "healthy" | "degraded" | "unhealthy" | "unknown";

export const states: readonly State[] = [
	"healthy",
	"degraded",
	"unhealthy",
	"unknown",
];

/** A state with its reason in words. */
export interface Verdict {
	readonly state: State;
	readonly reason: string;
}

const degradedFrom = 0.7;

/** A group is healthy when all are, degraded from 70 % healthy, else unhealthy. What is unknown has no say. */
export function groupState(components: readonly State[]): State {
	const known = components.filter((state) => state !== "unknown");
	if (known.length === 0) return "unknown";
	const healthy = known.filter((state) => state === "healthy").length;
	if (healthy === known.length) return "healthy";
	return healthy / known.length >= degradedFrom ? "degraded" : "unhealthy";
}

/** All is healthy when all groups are, unhealthy when any is, else degraded. What is unknown has no say. */
export function overallState(groups: readonly State[]): State {
	const known = groups.filter((state) => state !== "unknown");
	if (known.length === 0) return "unknown";
	if (known.every((state) => state === "healthy")) return "healthy";
	return known.includes("unhealthy") ? "unhealthy" : "degraded";
}
