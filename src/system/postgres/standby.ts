import { gauge } from "../../metrics/metric.ts";
import { postgresMetrics } from "../../metrics/postgres.ts";
import { isTrue, numberOrNull, type Row } from "../../postgres/row.ts";
import { type Found, needsMonitorRole, type Subject } from "./subject.ts";

/** How far a standby is behind its primary. */
export const standby: Subject = {
	name: "the standby's lag",
	plan(server) {
		if (!server.inRecovery) return {};
		return server.readsAllStats
			? { sql: query }
			: { absent: needsMonitorRole("the standby's lag", server) };
	},
	read: ([row]) => standbyReadings(row),
};

/** `latest_end_lsn` is the end of the WAL that the primary last told of. */
const query = `
SELECT r.status IS NOT DISTINCT FROM 'streaming' AS streaming,
       pg_catalog.pg_wal_lsn_diff(r.latest_end_lsn, pg_catalog.pg_last_wal_replay_lsn()) AS behind,
       extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) AS age
  FROM (VALUES (1)) AS always
  LEFT JOIN pg_catalog.pg_stat_wal_receiver r ON true`;

function standbyReadings(row: Row | undefined): Found {
	if (row === undefined) return { readings: [] };
	const streaming = isTrue(row, "streaming");
	const { standbyStreaming, standbyLagBytes, standbyLag } = postgresMetrics;
	const readings = [gauge(standbyStreaming, streaming ? 1 : 0)];

	const behind = streaming ? numberOrNull(row, "behind") : null;
	if (behind !== null) {
		readings.push(gauge(standbyLagBytes, Math.max(0, behind)));
	}
	// An idle primary sends no transactions, so the age of the last one means lag only while some WAL is missing.
	const hasAll = behind !== null && behind <= 0;
	const lag = hasAll ? 0 : numberOrNull(row, "age");
	if (lag !== null) readings.push(gauge(standbyLag, Math.max(0, lag)));
	return { readings };
}
