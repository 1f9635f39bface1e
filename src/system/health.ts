import type { Thresholds } from "../config/schema/schema.ts";

export type SystemState = "healthy" | "warning" | "critical";

/** What is known of the system; what could not be read is left out. */
export interface SystemFacts {
	/** % */
	readonly cpu?: number;
	/** % */
	readonly memory?: number;
	readonly disks: readonly { mountPoint: string; percent: number }[];
	readonly processes: readonly { name: string; up: boolean }[];
	readonly databaseUp?: boolean;
	/** What could not be read, a sentence each. */
	readonly problems: readonly string[];
}

/** One signal's state, with the reason in words: "disk / at 91 % is over 85 %". */
export interface Judgement {
	/** `cpu`, `memory`, `disk /`, `process api`, `database`, `monitoring` */
	readonly subject: string;
	readonly state: SystemState;
	readonly reason: string;
}

export interface SystemJudgement {
	/** The worst state of all. */
	readonly state: SystemState;
	readonly judgements: readonly Judgement[];
}

/** Judges the system by the contract's states and the configured limits. */
export function judgeSystem(
	facts: SystemFacts,
	limits: Thresholds,
): SystemJudgement {
	const judgements = [
		judgePercent("cpu", facts.cpu, limits.cpu_warning, limits.cpu_critical),
		judgePercent(
			"memory",
			facts.memory,
			limits.memory_warning,
			limits.memory_critical,
		),
		...facts.disks.map(({ mountPoint, percent }) =>
			judgePercent(
				`disk ${mountPoint}`,
				percent,
				limits.disk_warning,
				limits.disk_critical,
			),
		),
		...facts.processes.map(judgeProcess),
		judgeDatabase(facts.databaseUp),
		...facts.problems.map(judgeProblem),
	].filter((judgement) => judgement !== undefined);
	return { state: worst(judgements.map(({ state }) => state)), judgements };
}

export function worst(states: readonly SystemState[]): SystemState {
	if (states.includes("critical")) return "critical";
	return states.includes("warning") ? "warning" : "healthy";
}

function judgePercent(
	subject: string,
	percent: number | undefined,
	warning: number,
	critical: number,
): Judgement | undefined {
	if (percent === undefined) return undefined;
	if (percent > critical) {
		return {
			subject,
			state: "critical",
			reason: over(subject, percent, critical),
		};
	}
	if (percent > warning) {
		return {
			subject,
			state: "warning",
			reason: over(subject, percent, warning),
		};
	}
	return {
		subject,
		state: "healthy",
		reason: `${subject} is at ${Number(percent.toFixed(1))} %`,
	};
}

/** With as many digits as it takes to see that the value is over the limit. */
function over(subject: string, percent: number, limit: number): string {
	const rounded = [0, 1, 2, 3]
		.map((digits) => Number(percent.toFixed(digits)))
		.find((value) => value > limit);
	return `${subject} at ${rounded ?? percent} % is over ${limit} %`;
}

function judgeProcess({ name, up }: { name: string; up: boolean }): Judgement {
	return {
		subject: `process ${name}`,
		state: up ? "healthy" : "critical",
		reason: up ? `process ${name} runs` : `process ${name} does not run`,
	};
}

function judgeDatabase(up: boolean | undefined): Judgement | undefined {
	if (up === undefined) return undefined;
	return {
		subject: "database",
		state: up ? "healthy" : "critical",
		reason: up ? "the database answers" : "the database does not answer",
	};
}

function judgeProblem(problem: string): Judgement {
	return { subject: "monitoring", state: "warning", reason: problem };
}
