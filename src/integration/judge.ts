import type { ProbeConfig } from "../config/schema/probe.ts";
import { failedAssertion } from "./assertions.ts";
import type { Mask } from "./excerpt.ts";
import type { HttpAnswer, HttpResult } from "./http/exchange.ts";
import type { Verdict } from "./state.ts";

type Rules = Pick<ProbeConfig, "expected_status" | "assertions">;

const memoryLimit = 90;

/** Judges a component by what a probe got from it. Of all that is wrong, the worst counts. Secrets are masked. */
export function judgeProbe(
	kind: "plain" | "ml",
	{ expected_status: expected = [200], assertions }: Rules,
	result: HttpResult,
	mask: Mask,
): Verdict {
	if (result.kind === "failure") return unhealthy(result.reason);
	const isExpected = expected.includes(result.status);
	const verdict =
		kind === "ml"
			? judgeMl(isExpected, result)
			: judgeStatus(isExpected, result.status);
	if (verdict.state === "unhealthy") return verdict;
	const failed = failedAssertion(assertions, result, mask);
	if (failed === undefined) return verdict;
	return unhealthy(isExpected ? failed : `${verdict.reason}: ${failed}`);
}

/** By the HTTP status: what is expected, under 500, or the rest. */
function judgeStatus(isExpected: boolean, status: number): Verdict {
	const reason = `answered ${status}`;
	if (isExpected) return { state: "healthy", reason };
	return { state: status < 500 ? "degraded" : "unhealthy", reason };
}

/** By the `model_loaded` and `memory_usage_percent` of the JSON answer. */
function judgeMl(isExpected: boolean, { status, body }: HttpAnswer): Verdict {
	if (!isExpected) return unhealthy(`answered ${status}`);
	const report = parseObject(body);
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
	if (!(memory >= 0 && memory <= 100)) {
		return unhealthy("its memory_usage_percent is not from 0 to 100");
	}
	return judgeMemory(memory);
}

function judgeMemory(percent: number): Verdict {
	const shown = Number(percent.toFixed(1));
	return percent < memoryLimit
		? { state: "healthy", reason: `model loaded, memory at ${shown} %` }
		: {
				state: "degraded",
				reason: `memory at ${shown} % is not under ${memoryLimit} %`,
			};
}

function unhealthy(reason: string): Verdict {
	return { state: "unhealthy", reason };
}

function parseObject(text: string): object | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

function isObject(value: unknown): value is object {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
