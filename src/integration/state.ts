/** State of a component, of a group of components, and of all groups. */
export type State = "healthy" | "degraded" | "unhealthy" | "unknown";

export const states: readonly State[] = [
	"healthy",
	"degraded",
	"unhealthy",
	"unknown",
];

/** What a probe got from a component. */
export type Answer =
	| { readonly kind: "answer"; readonly status: number; readonly body: string }
	| { readonly kind: "failure"; readonly reason: string };

/** A state with its reason in words. */
export interface Verdict {
	readonly state: State;
	readonly reason: string;
}

const memoryLimit = 90;
const degradedFrom = 0.7;

/** Judges a component by the HTTP status: 200, under 500, or the rest. */
export function judgeAnswer(answer: Answer): Verdict {
	if (answer.kind === "failure") {
		return { state: "unhealthy", reason: answer.reason };
	}
	const reason = `answered ${answer.status}`;
	if (answer.status === 200) return { state: "healthy", reason };
	return { state: answer.status < 500 ? "degraded" : "unhealthy", reason };
}

/** Judges an ML component by the `model_loaded` and `memory_usage_percent` of its JSON answer. */
export function judgeMlAnswer(answer: Answer): Verdict {
	if (answer.kind === "failure") return judgeAnswer(answer);
	if (answer.status !== 200) {
		return { state: "unhealthy", reason: `answered ${answer.status}` };
	}
	const report = parseObject(answer.body);
	if (report === undefined) {
		return unhealthy("answered something that is not a JSON object");
	}
	if (!("model_loaded" in report)) {
		return unhealthy("answered JSON without model_loaded");
	}
	if (report.model_loaded !== true) return unhealthy("its model is not loaded");
	const memory =
		"memory_usage_percent" in report ? report.memory_usage_percent : undefined;
	if (typeof memory !== "number") {
		return unhealthy("answered JSON without a number memory_usage_percent");
	}
	if (memory < memoryLimit) {
		return {
			state: "healthy",
			reason: `model loaded, memory at ${rounded(memory)} %`,
		};
	}
	return {
		state: "degraded",
		reason: `memory at ${rounded(memory)} % is not under ${memoryLimit} %`,
	};
}

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

function unhealthy(reason: string): Verdict {
	return { state: "unhealthy", reason };
}

function parseObject(text: string): object | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? value : undefined;
	} catch {
		return undefined;
	}
}

function rounded(percent: number): number {
	return Number(percent.toFixed(1));
}
