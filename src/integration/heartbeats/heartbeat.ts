import type { JobReport } from "../../server/job-report.ts";
import { span } from "../duration.ts";
import type { Verdict } from "../state.ts";

/** What is known of a job. All times in Unix ms. */
export interface Heartbeat {
	/** From when on the next success is awaited: the last one, or when the monitor began to wait. */
	readonly awaitedSince: number;
	readonly lastOk?: number;
	/** Of a run that has not ended. */
	readonly startedAt?: number;
	/** Of a failure after the last success. */
	readonly failedAt?: number;
	/** Seconds. */
	readonly duration?: number;
}

export interface HeartbeatLimits {
	/** Seconds. */
	readonly max_age: number;
	/** Seconds. */
	readonly grace: number;
}

/** What is known after a report. */
export function afterReport(
	known: Heartbeat,
	{ state, duration }: JobReport,
	now: number,
): Heartbeat {
	const { awaitedSince, lastOk, failedAt } = known;
	if (state === "start") return { ...known, startedAt: now };
	const ended = { duration: duration ?? durationOf(known, now) };
	return state === "ok"
		? { ...ended, awaitedSince: now, lastOk: now }
		: { ...ended, awaitedSince, lastOk, failedAt: failedAt ?? now };
}

/**
 * What is known after the monitor was away, when reports may have been lost: whoever was not overdue before has all of
 * the time again.
 * @param lastSeen when the monitor last ran
 */
export function afterAbsence(
	known: Heartbeat,
	limits: HeartbeatLimits,
	lastSeen: number,
	now: number,
): Heartbeat {
	return isOverdue(known, limits, lastSeen)
		? known
		: { ...known, awaitedSince: Math.max(known.awaitedSince, now) };
}

export function judgeHeartbeat(
	known: Heartbeat,
	limits: HeartbeatLimits,
	now: number,
): Verdict {
	const { lastOk, failedAt } = known;
	const ago = (time: number) => `${span((now - time) / 1000)} ago`;
	if (failedAt !== undefined) {
		return {
			state: "unhealthy",
			reason: `reported that it failed, first ${ago(failedAt)}`,
		};
	}
	if (isOverdue(known, limits, now)) {
		const limit = `every ${span(limits.max_age)} was awaited`;
		return {
			state: "unhealthy",
			reason:
				lastOk === undefined
					? `has never reported, though ${limit}`
					: `last reported ${ago(lastOk)}, though ${limit}`,
		};
	}
	return lastOk === undefined
		? { state: "unknown", reason: "has not reported yet" }
		: { state: "healthy", reason: `reported ${ago(lastOk)}` };
}

function isOverdue(
	{ awaitedSince }: Heartbeat,
	{ max_age, grace }: HeartbeatLimits,
	now: number,
): boolean {
	return now - awaitedSince > (max_age + grace) * 1000;
}

function durationOf({ startedAt }: Heartbeat, now: number): number | undefined {
	return startedAt === undefined ? undefined : (now - startedAt) / 1000;
}
