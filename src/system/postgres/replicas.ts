import { gauge, type Reading } from "../../metrics/metric.ts";
import { postgresMetrics } from "../../metrics/postgres.ts";
import { numberOrNull, type Row, textIn } from "../../postgres/row.ts";
import { newestWal } from "./slots.ts";
import { needsMonitorRole, type Subject } from "./subject.ts";

/** How far the connected replicas of this server are behind it. */
export const replicas: Subject = {
	name: "the lag of the replicas",
	plan: (server) =>
		server.readsAllStats
			? { sql: query }
			: { absent: needsMonitorRole("the lag of replicas", server) },
	read: (rows) => ({ readings: rows.flatMap(replicaReadings) }),
};

/**
 * A replica that has replayed everything has a lag of 0: its replay_lag then is that of its last report, or NULL.
 * Several may share a name (all are `walreceiver` unless told otherwise): the one furthest behind counts.
 */
const query = `
SELECT coalesce(nullif(application_name, ''), 'unnamed') AS replica,
       max(behind) AS bytes,
       max(CASE WHEN behind <= 0 THEN 0 ELSE extract(epoch FROM replay_lag) END) AS seconds
  FROM (SELECT application_name, replay_lag,
               pg_catalog.pg_wal_lsn_diff(${newestWal}, replay_lsn) AS behind
          FROM pg_catalog.pg_stat_replication) r
 GROUP BY 1`;

function replicaReadings(row: Row): Reading[] {
	const labels = { replica: textIn(row, "replica") };
	const { replicationLagBytes, replicationLag } = postgresMetrics;
	return [
		[replicationLagBytes, numberOrNull(row, "bytes")] as const,
		[replicationLag, numberOrNull(row, "seconds")] as const,
	].flatMap(([metric, value]) =>
		value === null ? [] : [gauge(metric, Math.max(0, value), labels)],
	);
}
