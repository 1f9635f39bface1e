import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	afterAbsence,
	afterReport,
	type Heartbeat,
	judgeHeartbeat,
} from "../../../../src/integration/heartbeats/heartbeat.ts";

const limits = { max_age: 3600, grace: 60 };
const start = 1_800_000_000_000;
const at = (seconds: number) => start + seconds * 1000;
const awaited: Heartbeat = { awaitedSince: start };
const reported = afterReport(awaited, { state: "ok" }, at(100));

describe("a job's heartbeat", () => {
	test("is unknown until the first report, and unhealthy if none comes in time", () => {
		expect(judgeHeartbeat(awaited, limits, at(3660))).toEqual({
			state: "unknown",
			reason: "has not reported yet",
		});
		expect(judgeHeartbeat(awaited, limits, at(3661))).toEqual({
			state: "unhealthy",
			reason: "has never reported, though every 1 h was awaited",
		});
	});

	test("is healthy after a report, for the maximum age and the grace", () => {
		expect(judgeHeartbeat(reported, limits, at(3760))).toEqual({
			state: "healthy",
			reason: "reported 1 h 1 min ago",
		});
		expect(judgeHeartbeat(reported, limits, at(3761))).toEqual({
			state: "unhealthy",
			reason: "last reported 1 h 1 min ago, though every 1 h was awaited",
		});
	});

	test("is unhealthy from the first failure to the next success", () => {
		const failed = afterReport(reported, { state: "fail" }, at(200));
		const again = afterReport(failed, { state: "fail" }, at(260));
		expect(judgeHeartbeat(again, limits, at(320))).toEqual({
			state: "unhealthy",
			reason: "reported that it failed, first 2 min ago",
		});
		const well = afterReport(again, { state: "ok" }, at(330));
		expect(judgeHeartbeat(well, limits, at(331)).state).toBe("healthy");
	});

	test("knows how long the job took, by its start or by its own account", () => {
		const started = afterReport(reported, { state: "start" }, at(200));
		expect(afterReport(started, { state: "ok" }, at(230)).duration).toBe(30);
		const told = { state: "ok", duration: 2.5 } as const;
		expect(afterReport(started, told, at(230)).duration).toBe(2.5);
		expect(reported.duration).toBeUndefined();
	});

	test("is not made fresh by a start or a failure", () => {
		for (const state of ["start", "fail"] as const) {
			const known = afterReport(reported, { state }, at(3000));
			expect(judgeHeartbeat(known, limits, at(3761)).state).toBe("unhealthy");
		}
	});
});

describe("after the monitor was away", () => {
	test("a job that was not overdue has all of the time again", () => {
		const known = afterAbsence(reported, limits, at(200), at(9000));
		expect(judgeHeartbeat(known, limits, at(9000)).state).toBe("healthy");
		expect(judgeHeartbeat(known, limits, at(9000 + 3661)).state).toBe(
			"unhealthy",
		);
		expect(known.lastOk).toBe(at(100));
	});

	test("a job that was overdue before still is", () => {
		const known = afterAbsence(reported, limits, at(5000), at(5002));
		expect(judgeHeartbeat(known, limits, at(5002)).state).toBe("unhealthy");
	});

	test("a job that reports at least every maximum age is never overdue, whenever the monitor restarts", () => {
		const period = fc.integer({ min: 1, max: limits.max_age });
		const times = fc.array(fc.integer({ min: 1, max: 20_000 }), {
			minLength: 2,
			maxLength: 8,
		});
		fc.assert(
			fc.property(period, times, (every, gaps) => {
				// By turns the monitor runs and is away; what is reported meanwhile is lost.
				let known: Heartbeat = { awaitedSince: start };
				let now = 0;
				let next = every;
				gaps.forEach((gap, index) => {
					const isAway = index % 2 === 1;
					const end = now + gap;
					for (; next <= end; next += every) {
						if (isAway) continue;
						expect(judgeHeartbeat(known, limits, at(next)).state).not.toBe(
							"unhealthy",
						);
						known = afterReport(known, { state: "ok" }, at(next));
					}
					if (isAway) known = afterAbsence(known, limits, at(now), at(end));
					now = end;
				});
			}),
		);
	});
});
