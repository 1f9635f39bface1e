import { gauge, type Reading } from "../../metrics/metric.ts";
import { postgresMetrics } from "../../metrics/postgres.ts";
import {
	numberIn,
	numberOrNull,
	type Row,
	textOrNull,
} from "../../postgres/row.ts";
import { needsMonitorRole, type Subject } from "./subject.ts";

/** What clients are connected, what they do, and for how long. */
export const activity: Subject = {
	name: "the activity of clients",
	plan: (server) =>
		// Without the privilege the state and even the kind of other users' sessions are NULL, so any count would be wrong.
		server.readsAllStats
			? { sql: query }
			: {
					absent: needsMonitorRole(
						"connections of clients, their states and longest queries",
						server,
					),
				},
	read: (rows) => ({ readings: activityReadings(rows) }),
};

/** A row for each database and state of its clients; a database without any has a row of zero. */
const query = `
SELECT coalesce(a.datname, d.datname) AS database,
       a.state,
       count(a.pid) AS connections,
       max(extract(epoch FROM pg_catalog.clock_timestamp() - a.query_start))
         FILTER (WHERE a.state = 'active' AND a.pid <> pg_catalog.pg_backend_pid()) AS longest_query,
       max(extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start))
         FILTER (WHERE a.pid <> pg_catalog.pg_backend_pid()) AS longest_transaction,
       max(extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change))
         FILTER (WHERE a.state LIKE 'idle in transaction%') AS longest_idle
  FROM (SELECT * FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend') a
  FULL JOIN (SELECT oid, datname FROM pg_catalog.pg_database WHERE datallowconn AND NOT datistemplate) d
    ON d.oid = a.datid
 GROUP BY 1, 2`;

const everyState = [
	"active",
	"idle",
	"idle_in_transaction",
	"idle_in_transaction_aborted",
	"fastpath",
	"disabled",
];

function activityReadings(rows: readonly Row[]): Reading[] {
	const byState = new Map(everyState.map((state) => [state, 0]));
	const byDatabase = new Map<string, number>();
	let total = 0;
	for (const row of rows) {
		const connections = numberIn(row, "connections");
		total += connections;
		// A client that has not finished its login is in no database yet.
		add(byDatabase, textOrNull(row, "database"), connections);
		if (connections > 0) add(byState, stateOf(row), connections);
	}
	return [
		gauge(postgresMetrics.connections, total),
		...[...byState].map(([state, connections]) =>
			gauge(postgresMetrics.connectionsByState, connections, { state }),
		),
		...[...byDatabase].map(([database, connections]) =>
			gauge(postgresMetrics.connectionsByDatabase, connections, { database }),
		),
		gauge(postgresMetrics.longestQuery, longest(rows, "longest_query")),
		gauge(
			postgresMetrics.longestTransaction,
			longest(rows, "longest_transaction"),
		),
		gauge(
			postgresMetrics.longestIdleInTransaction,
			longest(rows, "longest_idle"),
		),
	];
}

function add(counts: Map<string, number>, key: string | null, count: number) {
	if (key !== null) counts.set(key, (counts.get(key) ?? 0) + count);
}

/** The server's word for a state as a label: "idle in transaction (aborted)" is `idle_in_transaction_aborted`. */
export function stateOf(row: Row): string {
	const state = textOrNull(row, "state") ?? "unknown";
	if (state === "fastpath function call") return "fastpath";
	return state
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, "_")
		.replaceAll(/^_|_$/g, "");
}

/** 0 if there is none; a server's clock that was set back must not make it negative. */
function longest(rows: readonly Row[], column: string): number {
	return Math.max(0, ...rows.map((row) => numberOrNull(row, column) ?? 0));
}
