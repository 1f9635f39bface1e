import { isBad } from "./belief.ts";
import { span } from "./duration.ts";
import type { Verdict } from "./state.ts";

/** A component as it is judged by itself, and what it hangs on. */
export interface Judged {
	readonly name: string;
	readonly verdict: Verdict;
	/** Whether its last check found it unhealthy, though that is not believed yet. */
	readonly isSuspect: boolean;
	/** When it was last believed unhealthy, and is no more: Unix ms. */
	readonly recoveredAt?: number | undefined;
	/** What it can't work without. */
	readonly dependsOn: readonly string[];
	/** The stage of a data flow's chain that it gets its data from. */
	readonly after?: string | undefined;
	/** Seconds that it may take to catch up, once what it hangs on is well again. */
	readonly catchUp?: number | undefined;
}

/** A verdict as it is told, with the name of what is really to blame where that is another one. */
export interface Told extends Verdict {
	readonly cause?: string;
	/** Whether that is an earlier stage of its chain. */
	readonly isBehind?: true;
}

type ByName = ReadonlyMap<string, Judged>;
type ParentsOf = (component: Judged) => readonly string[];

const dependencies: ParentsOf = ({ dependsOn }) => dependsOn;
const earlierStages: ParentsOf = ({ after }) =>
	after === undefined ? [] : [after];

/**
 * The verdict on a component as it is told: what is bad is unknown where something that it hangs on is down, an earlier
 * stage of its chain is not fresh, or either was so until a short time ago. So of all that fails together, only the
 * first cause is unhealthy.
 * @param now Unix ms
 */
export function told(component: Judged, all: ByName, now: number): Told {
	const { verdict } = component;
	if (!isBad(verdict.state)) return verdict;
	const needed = rootCause(component, all, dependencies);
	if (needed !== undefined) {
		const reason = `needs ${needed}, which is down (${verdict.reason})`;
		return { state: "unknown", reason, cause: needed };
	}
	const stage = rootCause(component, all, earlierStages);
	if (stage !== undefined) {
		const reason = `behind ${stage}`;
		return { state: "unknown", reason, cause: stage, isBehind: true };
	}
	return (
		catchingUp(component, all, earlierStages, now) ??
		catchingUp(component, all, dependencies, now) ??
		verdict
	);
}

/** The names of all that a component depends on, near and far. */
export function causesOf(component: Judged, all: ByName): string[] {
	return ancestors(component, all, dependencies).map(({ name }) => name);
}

/** Whether a component depends on another one, near or far. */
export function hangsOn(
	component: Judged,
	other: Judged,
	all: ByName,
): boolean {
	return ancestors(component, all, dependencies).includes(other);
}

/** Whether what a component hangs on is well again, but not for as long as that takes to show in it. */
function catchingUp(
	component: Judged,
	all: ByName,
	parentsOf: ParentsOf,
	now: number,
): Told | undefined {
	const { catchUp = 0, verdict } = component;
	for (const { name, recoveredAt } of ancestors(component, all, parentsOf)) {
		const seconds = (now - (recoveredAt ?? 0)) / 1000;
		if (recoveredAt === undefined || seconds > catchUp) continue;
		return {
			state: "unknown",
			reason: `behind ${name}, which is well again since ${span(seconds)} (${verdict.reason})`,
			cause: name,
			...(parentsOf === earlierStages && { isBehind: true }),
		};
	}
	return undefined;
}

/** The one that is down, and hangs on nothing that is: those between may be well but for it. */
function rootCause(
	component: Judged,
	all: ByName,
	parentsOf: ParentsOf,
): string | undefined {
	const down = ancestors(component, all, parentsOf).filter(isDown);
	const root = down.find(
		(each) => !ancestors(each, all, parentsOf).some(isDown),
	);
	return (root ?? down[0])?.name;
}

function isDown({ verdict, isSuspect }: Judged): boolean {
	return verdict.state === "unhealthy" || isSuspect;
}

/** All that a component hangs on, the nearest first. */
function ancestors(
	component: Judged,
	all: ByName,
	parentsOf: ParentsOf,
): Judged[] {
	const found = new Set<Judged>();
	const visit = (each: Judged) => {
		for (const name of parentsOf(each)) {
			const parent = all.get(name);
			if (parent && parent !== component) found.add(parent);
		}
	};
	visit(component);
	// A set gives what is added to it on the way, too.
	for (const parent of found) visit(parent);
	return [...found];
}
