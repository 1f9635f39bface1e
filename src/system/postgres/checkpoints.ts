import { counter } from "../../metrics/metric.ts";
import { postgresMetrics } from "../../metrics/postgres.ts";
import { numberIn } from "../../postgres/row.ts";
import { type Server, sinceVersion } from "./server.ts";
import type { Subject } from "./subject.ts";

/** How often the server brought its memory to the disk, why, and what it cost. Everyone may see that. */
export const checkpoints: Subject = {
	name: "the checkpoints",
	plan: (server) => ({ sql: query(server) }),
	read: (rows) => ({
		readings: rows.flatMap((row) => {
			const since = numberIn(row, "since") * 1000;
			const of = (column: string) => numberIn(row, column);
			const { checkpoints, checkpointWrite, checkpointSync } = postgresMetrics;
			return [
				counter(checkpoints, of("timed"), since, { reason: "timed" }),
				counter(checkpoints, of("requested"), since, { reason: "requested" }),
				counter(checkpointWrite, of("write_ms") / 1000, since),
				counter(checkpointSync, of("sync_ms") / 1000, since),
			];
		}),
	}),
};

/** These counters date themselves, a crash included. Restartpoints, a standby's checkpoints, were one with them before 17. */
function query({ version }: Server): string {
	return version < sinceVersion.checkpointerView
		? `
SELECT checkpoints_timed AS timed, checkpoints_req AS requested,
       checkpoint_write_time AS write_ms, checkpoint_sync_time AS sync_ms,
       extract(epoch FROM stats_reset) AS since
  FROM pg_catalog.pg_stat_bgwriter`
		: `
SELECT num_timed + restartpoints_timed AS timed, num_requested + restartpoints_req AS requested,
       write_time AS write_ms, sync_time AS sync_ms,
       extract(epoch FROM stats_reset) AS since
  FROM pg_catalog.pg_stat_checkpointer`;
}
