import { gauge } from "../../metrics/metric.ts";
import { postgresMetrics } from "../../metrics/postgres.ts";
import { isTrue, numberOrNull, textIn } from "../../postgres/row.ts";
import type { Subject } from "./subject.ts";

/** SQL for the end of the WAL: what this server wrote, or on a standby what it has received. */
export const newestWal = `
CASE WHEN pg_catalog.pg_is_in_recovery()
     THEN coalesce(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn())
     ELSE pg_catalog.pg_current_wal_lsn() END`;

/** Which replication slots are used, and how much WAL the server keeps for them. Everyone may see that. */
export const slots: Subject = {
	name: "the replication slots",
	plan: () => ({ sql: query }),
	read: (rows) => ({
		readings: rows.flatMap((row) => {
			const labels = { slot: textIn(row, "slot") };
			const retained = numberOrNull(row, "retained");
			const { slotActive, slotRetained } = postgresMetrics;
			return [
				gauge(slotActive, isTrue(row, "active") ? 1 : 0, labels),
				...(retained === null
					? []
					: [gauge(slotRetained, Math.max(0, retained), labels)]),
			];
		}),
	}),
};

/** A slot that was never used, or was invalidated, has no restart_lsn: nothing is kept for it. */
const query = `
SELECT slot_name AS slot, active,
       pg_catalog.pg_wal_lsn_diff(${newestWal}, restart_lsn) AS retained
  FROM pg_catalog.pg_replication_slots`;
