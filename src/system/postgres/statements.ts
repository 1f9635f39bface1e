import { counter } from "../../metrics/metric.ts";
import { postgresMetrics } from "../../metrics/postgres.ts";
import { numberIn, textIn } from "../../postgres/row.ts";
import {
	type Server,
	type StatementsExtension,
	sinceVersion,
} from "./server.ts";
import { needsMonitorRole, type Plan, type Subject } from "./subject.ts";

const what = "the statements that take the most time";

/** The statements of all databases and users that took the most time, by their id: their text is never read. */
export const statements: Subject = {
	name: what,
	plan,
	read: (rows) => ({
		readings: rows.flatMap((row) => {
			const labels = { queryid: textIn(row, "queryid") };
			const since = numberIn(row, "since") * 1000;
			const of = (column: string) => numberIn(row, column);
			const { statementCalls, statementTime, statementRows } = postgresMetrics;
			return [
				counter(statementCalls, of("calls"), since, labels),
				counter(statementTime, of("total_ms") / 1000, since, labels),
				counter(statementRows, of("rows"), since, labels),
			];
		}),
	}),
};

function plan(server: Server): Plan {
	const { statements: extension, role } = server;
	if (extension === undefined) {
		return {
			absent: `${what}: pg_stat_statements is not in this database: CREATE EXTENSION pg_stat_statements`,
		};
	}
	if (!extension.isLoaded) {
		return {
			absent: `${what}: pg_stat_statements is not loaded: add it to shared_preload_libraries and restart the server`,
		};
	}
	if (!extension.maySeeSchema) {
		return {
			absent: `${what}: the role ${role} may not use the schema ${extension.schema}: GRANT USAGE ON SCHEMA ${extension.schema} TO ${role}`,
		};
	}
	if (!server.readsAllStats) {
		return { absent: needsMonitorRole(what, server) };
	}
	return { sql: query(extension, server) };
}

/** The function gives what the view gives, but with `false` it leaves the texts in their file. */
function query({ schema, version }: StatementsExtension, { birth }: Server) {
	const time =
		version >= sinceVersion.statementsExecTime
			? "total_exec_time"
			: "total_time";
	return `
SELECT queryid, sum(calls) AS calls, sum(${time}) AS total_ms, sum(rows) AS rows,
       ${since(schema, version, birth)} AS since
  FROM ${schema}.pg_stat_statements(false)
 WHERE queryid IS NOT NULL
 GROUP BY queryid
 ORDER BY sum(${time}) DESC
 LIMIT 20`;
}

/** When the oldest of the entries of a statement began; before 1.11, when the whole view did; before 1.9, the cluster. */
function since(schema: string, version: number, birth: string): string {
	if (version >= sinceVersion.statementsSince) {
		return "extract(epoch FROM min(stats_since))";
	}
	if (version >= sinceVersion.statementsInfo) {
		return `(SELECT extract(epoch FROM stats_reset) FROM ${schema}.pg_stat_statements_info)`;
	}
	return birth;
}
