import { counter, gauge, type Reading } from "../../metrics/metric.ts";
import { postgresMetrics } from "../../metrics/postgres.ts";
import { isTrue, numberIn, type Row, textIn } from "../../postgres/row.ts";
import type { Server } from "./server.ts";
import type { Subject } from "./subject.ts";

/** What each database has done since its counters began, and how near its ids are to their end. Everyone may see that. */
export const databases: Subject = {
	name: "the counters of the databases",
	plan: (server) => ({ sql: query(server) }),
	read: (rows) => ({ readings: rows.flatMap(databaseReadings) }),
};

/**
 * The counters begin with the cluster, or later: at a crash, which Postgres 15 and newer does not date, or at a reset.
 * `stats_reset` is not that time: it also moves when the counters of a single table are reset, and these are not.
 */
const query = ({ birth }: Server) => `
SELECT d.datname AS database,
       NOT d.datistemplate AND d.datallowconn AS in_use,
       pg_catalog.age(d.datfrozenxid) AS transaction_age,
       pg_catalog.mxid_age(d.datminmxid) AS multixact_age,
       ${birth} AS since,
       s.numbackends, s.xact_commit, s.xact_rollback, s.deadlocks, s.blks_hit, s.blks_read,
       s.tup_returned, s.tup_fetched, s.tup_inserted, s.tup_updated, s.tup_deleted,
       s.temp_files, s.temp_bytes
  FROM pg_catalog.pg_database d
  JOIN pg_catalog.pg_stat_database s ON s.datid = d.oid`;

function databaseReadings(row: Row): Reading[] {
	const database = textIn(row, "database");
	const ages = [
		gauge(postgresMetrics.transactionAge, numberIn(row, "transaction_age"), {
			database,
		}),
		gauge(postgresMetrics.multixactAge, numberIn(row, "multixact_age"), {
			database,
		}),
	];
	// Templates age too, but nothing else happens in them.
	if (!isTrue(row, "in_use")) return ages;

	const since = numberIn(row, "since") * 1000;
	const backends = numberIn(row, "numbackends");
	return [
		...ages,
		gauge(postgresMetrics.backends, backends, { database }),
		...counted.map(([metric, column, labels]) =>
			counter(metric, numberIn(row, column), since, { database, ...labels }),
		),
	];
}

const counted = [
	[postgresMetrics.transactions, "xact_commit", { outcome: "commit" }],
	[postgresMetrics.transactions, "xact_rollback", { outcome: "rollback" }],
	[postgresMetrics.deadlocks, "deadlocks", {}],
	[postgresMetrics.blocksHit, "blks_hit", {}],
	[postgresMetrics.blocksRead, "blks_read", {}],
	[postgresMetrics.tuples, "tup_returned", { operation: "returned" }],
	[postgresMetrics.tuples, "tup_fetched", { operation: "fetched" }],
	[postgresMetrics.tuples, "tup_inserted", { operation: "inserted" }],
	[postgresMetrics.tuples, "tup_updated", { operation: "updated" }],
	[postgresMetrics.tuples, "tup_deleted", { operation: "deleted" }],
	[postgresMetrics.tempFiles, "temp_files", {}],
	[postgresMetrics.tempBytes, "temp_bytes", {}],
] as const;
