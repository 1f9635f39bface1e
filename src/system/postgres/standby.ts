import { gauge } from "../../metrics/metric.ts";
import { postgresMetrics } from "../../metrics/postgres.ts";
import {
	isTrue,
	numberIn,
	numberOrNull,
	type Row,
} from "../../postgres/row.ts";
import { Replay } from "./replay.ts";
import { type Found, needsMonitorRole, type Subject } from "./subject.ts";

/** How far a standby is behind its primary; it remembers the rounds before. */
export function createStandby(): Subject {
	const replay = new Replay();
	return {
		name: "the standby's lag",
		plan(server) {
			if (!server.inRecovery) return {};
			return server.readsAllStats
				? { sql: query }
				: { absent: needsMonitorRole("the standby's lag", server) };
		},
		read: ([row]) => (row ? standbyReadings(row, replay) : { readings: [] }),
	};
}

/**
 * `latest_end_lsn` is the end of the WAL that the primary last told of. It is kept when the connection is lost, and then says nothing.
 * Source: https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-WAL-RECEIVER-VIEW
 */
const query = `
SELECT r.status IS NOT DISTINCT FROM 'streaming' AS streaming,
       pg_catalog.pg_wal_lsn_diff(r.latest_end_lsn, '0/0') AS told,
       pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0') AS replayed,
       extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) AS age
  FROM (VALUES (1)) AS always
  LEFT JOIN pg_catalog.pg_stat_wal_receiver r ON true`;

function standbyReadings(row: Row, replay: Replay): Found {
	const streaming = isTrue(row, "streaming");
	const { standbyStreaming, standbyLagBytes, standbyLag } = postgresMetrics;
	const readings = [gauge(standbyStreaming, streaming ? 1 : 0)];

	const replayed = numberIn(row, "replayed");
	const told = streaming ? numberOrNull(row, "told") : null;
	if (told !== null) {
		readings.push(gauge(standbyLagBytes, Math.max(0, told - replayed)));
	}
	// What it lacks was written after the last transaction that it replayed, so its lag is no more than that one's age either.
	const lags = [
		replay.behind(replayed, told, performance.now() / 1000),
		numberOrNull(row, "age") ?? undefined,
	].filter((lag) => lag !== undefined);
	if (lags.length > 0) {
		readings.push(gauge(standbyLag, Math.max(0, Math.min(...lags))));
	}
	return { readings };
}
