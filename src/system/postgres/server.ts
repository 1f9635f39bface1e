import { gauge, type Reading } from "../../metrics/metric.ts";
import { postgresMetrics } from "../../metrics/postgres.ts";
import {
	isTrue,
	numberIn,
	type Row,
	textIn,
	textOrNull,
} from "../../postgres/row.ts";

/** What a server is and what it lets us read: the queries depend on it. */
export interface Server {
	/** `server_version_num`: 170010 is 17.10. */
	readonly version: number;
	/** Unix time in seconds. */
	readonly startTime: number;
	readonly inRecovery: boolean;
	/** The role of the connection, quoted where SQL needs it. */
	readonly role: string;
	/** Whether sessions and statements of other users are shown to it. */
	readonly readsAllStats: boolean;
	/** SQL for a Unix time that no counter of the server is older than; 0, OpenTelemetry's "unknown", if there is none. */
	readonly birth: string;
	readonly connectionsMax: number;
	readonly connectionsReserved: number;
	/** pg_stat_statements, where it was created in this database. */
	readonly statements?: StatementsExtension;
}

export interface StatementsExtension {
	/** The extension's version in thousands: 1.11 is 1011. */
	readonly version: number;
	/** The quoted name of the schema it was created in. */
	readonly schema: string;
	readonly maySeeSchema: boolean;
	/** Whether the server has loaded its library. */
	readonly isLoaded: boolean;
}

/** From which server or extension version on something is there. */
export const sinceVersion = {
	/** pg_locks.waitstart */
	lockWaitStart: 140000,
	/** pg_stat_checkpointer, which took its columns from pg_stat_bgwriter */
	checkpointerView: 170000,
	/** pg_stat_statements.total_exec_time, before that total_time */
	statementsExecTime: 1008,
	/** pg_stat_statements_info */
	statementsInfo: 1009,
	/** pg_stat_statements.stats_since */
	statementsSince: 1011,
} as const;

export const serverQuery = `
SELECT pg_catalog.current_setting('server_version_num') AS version,
       extract(epoch FROM pg_catalog.pg_postmaster_start_time()) AS start_time,
       pg_catalog.pg_is_in_recovery() AS in_recovery,
       pg_catalog.quote_ident(current_user) AS role,
       pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS reads_all_stats,
       pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AS reads_control,
       pg_catalog.current_setting('max_connections') AS connections_max,
       pg_catalog.current_setting('superuser_reserved_connections')::int
         + coalesce(pg_catalog.current_setting('reserved_connections', true)::int, 0) AS connections_reserved,
       e.extversion AS statements_version,
       pg_catalog.quote_ident(n.nspname) AS statements_schema,
       pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS sees_statements_schema,
       pg_catalog.current_setting('pg_stat_statements.max', true) IS NOT NULL AS statements_loaded
  FROM (VALUES (1)) AS always
  LEFT JOIN pg_catalog.pg_extension e ON e.extname = 'pg_stat_statements'
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace`;

/** initdb puts its time into the upper half of the system identifier. Source: BootStrapXLOG in Postgres' xlog.c */
const initdbTime =
	"(SELECT system_identifier >> 32 FROM pg_catalog.pg_control_system())";

/** What the answer to `serverQuery` says. */
export function serverFrom(row: Row): Server {
	return {
		version: numberIn(row, "version"),
		startTime: numberIn(row, "start_time"),
		inRecovery: isTrue(row, "in_recovery"),
		role: textIn(row, "role"),
		readsAllStats: isTrue(row, "reads_all_stats"),
		birth: isTrue(row, "reads_control") ? initdbTime : "0",
		connectionsMax: numberIn(row, "connections_max"),
		connectionsReserved: numberIn(row, "connections_reserved"),
		statements: statementsFrom(row),
	};
}

function statementsFrom(row: Row): StatementsExtension | undefined {
	const version = textOrNull(row, "statements_version");
	if (version === null) return undefined;
	const [major = 0, minor = 0] = version.split(".").map(Number);
	return {
		version: major * 1000 + minor,
		schema: textIn(row, "statements_schema"),
		maySeeSchema: isTrue(row, "sees_statements_schema"),
		isLoaded: isTrue(row, "statements_loaded"),
	};
}

/** What the server's own facts say in numbers. */
export function serverReadings(server: Server): Reading[] {
	return [
		gauge(postgresMetrics.info, 1, { version: versionName(server.version) }),
		gauge(postgresMetrics.startTime, server.startTime),
		gauge(postgresMetrics.inRecovery, server.inRecovery ? 1 : 0),
		gauge(postgresMetrics.connectionsMax, server.connectionsMax),
		gauge(postgresMetrics.connectionsReserved, server.connectionsReserved),
	];
}

/** 170010 is 17.10. */
function versionName(version: number): string {
	return `${Math.floor(version / 10000)}.${version % 10000}`;
}
