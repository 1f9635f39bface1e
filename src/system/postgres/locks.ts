import { gauge } from "../../metrics/metric.ts";
import { postgresMetrics } from "../../metrics/postgres.ts";
import { numberIn, numberOrNull, type Row } from "../../postgres/row.ts";
import { type Server, sinceVersion } from "./server.ts";
import type { Found, Subject } from "./subject.ts";

/** Who waits for a lock. Everyone may see that. */
export const locks: Subject = {
	name: "the waiting locks",
	plan: (server) => ({ sql: query(server) }),
	read: ([row], server) => lockReadings(row, server),
};

function query({ version }: Server): string {
	const longest =
		version >= sinceVersion.lockWaitStart
			? "extract(epoch FROM pg_catalog.clock_timestamp() - min(waitstart))"
			: "NULL";
	return `
SELECT count(*) AS waiting, ${longest} AS longest_wait
  FROM pg_catalog.pg_locks WHERE NOT granted`;
}

function lockReadings(row: Row | undefined, { version }: Server): Found {
	if (row === undefined) return { readings: [] };
	const waiting = numberIn(row, "waiting");
	const readings = [gauge(postgresMetrics.locksWaiting, waiting)];
	if (version < sinceVersion.lockWaitStart) {
		return {
			readings,
			absent: [
				"the longest wait for a lock: Postgres keeps it from version 14 on",
			],
		};
	}
	// In its first moment a wait has no start yet: then there is no longest one to tell of.
	const longest = waiting === 0 ? 0 : numberOrNull(row, "longest_wait");
	return longest === null
		? { readings }
		: {
				readings: [
					...readings,
					gauge(postgresMetrics.longestLockWait, Math.max(0, longest)),
				],
			};
}
