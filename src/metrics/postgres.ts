import type { Metric } from "./metric.ts";

const database = { database: { atMost: 100 } } as const;
const replica = { replica: { atMost: 50 } } as const;
const slot = { slot: { atMost: 50 } } as const;
const queryid = { queryid: { atMost: 20 } } as const;

/** What is read of Postgres. */
export const postgresMetrics = {
	up: {
		name: "db_up",
		kind: "gauge",
		unit: "{up}",
		help: "1 if the database answered the last collection, else 0",
	},
	info: {
		name: "db_info",
		kind: "gauge",
		unit: "{info}",
		help: "Always 1, the label says which version of Postgres runs",
		labels: { version: { atMost: 1 } },
	},
	startTime: {
		name: "db_start_time_seconds",
		kind: "gauge",
		unit: "s",
		help: "When the server was started, in Unix time",
	},
	inRecovery: {
		name: "db_in_recovery",
		kind: "gauge",
		unit: "{recovery}",
		help: "1 if the server is a standby (or restores a backup), 0 if it takes writes",
	},

	connections: {
		name: "db_connections",
		kind: "gauge",
		unit: "{connection}",
		help: "Connections of clients to the server, the monitor's own included",
	},
	connectionsByState: {
		name: "db_connections_by_state",
		kind: "gauge",
		unit: "{connection}",
		help: "Connections of clients by what they do, the monitor's own included (as active)",
		labels: { state: { atMost: 12 } },
	},
	connectionsByDatabase: {
		name: "db_connections_by_database",
		kind: "gauge",
		unit: "{connection}",
		help: "Connections of clients by database, the monitor's own included",
		labels: database,
	},
	connectionsMax: {
		name: "db_connections_max",
		kind: "gauge",
		unit: "{connection}",
		help: "Connections of clients that the server allows at most, the reserved ones included (max_connections)",
	},
	connectionsReserved: {
		name: "db_connections_reserved",
		kind: "gauge",
		unit: "{connection}",
		help: "Of the connections allowed, those kept for superusers and for roles with pg_use_reserved_connections",
	},
	backends: {
		name: "db_backends",
		kind: "gauge",
		unit: "{process}",
		help: "Server processes at work in a database, for clients and of the server's own (autovacuum, parallel workers)",
		labels: database,
	},
	longestQuery: {
		name: "db_longest_query_seconds",
		kind: "gauge",
		unit: "s",
		help: "How long the longest of the running queries of clients has been running, 0 if none but the monitor's is",
	},
	longestTransaction: {
		name: "db_longest_transaction_seconds",
		kind: "gauge",
		unit: "s",
		help: "How long the longest of the open transactions of clients has been open, 0 if none but the monitor's is",
	},
	longestIdleInTransaction: {
		name: "db_longest_idle_in_transaction_seconds",
		kind: "gauge",
		unit: "s",
		help: "How long the longest of the clients that idle in an open transaction has been idle, 0 if none does",
	},
	locksWaiting: {
		name: "db_locks_waiting",
		kind: "gauge",
		unit: "{lock}",
		help: "Locks that are waited for, each by one blocked session",
	},
	longestLockWait: {
		name: "db_longest_lock_wait_seconds",
		kind: "gauge",
		unit: "s",
		help: "How long the longest of the blocked sessions has waited for its lock, 0 if none is blocked (Postgres 14 and newer)",
	},

	transactions: {
		name: "db_transactions_total",
		kind: "counter",
		unit: "{transaction}",
		help: "Transactions that ended, by how (the monitor's own included)",
		labels: { ...database, outcome: ["commit", "rollback"] },
	},
	deadlocks: {
		name: "db_deadlocks_total",
		kind: "counter",
		unit: "{deadlock}",
		help: "Deadlocks that the server broke by ending one of the transactions",
		labels: database,
	},
	blocksHit: {
		name: "db_blocks_hit_total",
		kind: "counter",
		unit: "{block}",
		help: "Blocks that were wanted and found in Postgres' own cache",
		labels: database,
	},
	blocksRead: {
		name: "db_blocks_read_total",
		kind: "counter",
		unit: "{block}",
		help: "Blocks that were wanted and not in Postgres' own cache, so read from the operating system",
		labels: database,
	},
	tuples: {
		name: "db_tuples_total",
		kind: "counter",
		unit: "{row}",
		help: "Rows by what was done with them: returned by scans, fetched by queries, inserted, updated, deleted",
		labels: {
			...database,
			operation: ["returned", "fetched", "inserted", "updated", "deleted"],
		},
	},
	tempFiles: {
		name: "db_temp_files_total",
		kind: "counter",
		unit: "{file}",
		help: "Temporary files that queries wrote because their work_mem was too small",
		labels: database,
	},
	tempBytes: {
		name: "db_temp_bytes_total",
		kind: "counter",
		unit: "By",
		help: "Bytes that queries wrote to temporary files because their work_mem was too small",
		labels: database,
	},
	size: {
		name: "db_size_bytes",
		kind: "gauge",
		unit: "By",
		help: "Disk space that a database takes",
		labels: database,
	},
	transactionAge: {
		name: "db_wraparound_age_transactions",
		kind: "gauge",
		unit: "{transaction}",
		help: "Transaction ids used since the oldest one that a database still needs, writes stop shortly before 2^31",
		labels: database,
		fold: "max",
	},
	multixactAge: {
		name: "db_wraparound_age_multixacts",
		kind: "gauge",
		unit: "{multixact}",
		help: "Multixact ids used since the oldest one that a database still needs, writes stop shortly before 2^31",
		labels: database,
		fold: "max",
	},

	checkpoints: {
		name: "db_checkpoints_total",
		kind: "counter",
		unit: "{checkpoint}",
		help: "Checkpoints (on a standby restartpoints) by what began them: the clock, or a request such as too much WAL",
		labels: { reason: ["timed", "requested"] },
	},
	checkpointWrite: {
		name: "db_checkpoint_write_seconds_total",
		kind: "counter",
		unit: "s",
		help: "Time that checkpoints spent in writing files",
	},
	checkpointSync: {
		name: "db_checkpoint_sync_seconds_total",
		kind: "counter",
		unit: "s",
		help: "Time that checkpoints spent in bringing files to the disk",
	},

	replicationLagBytes: {
		name: "db_replication_lag_bytes",
		kind: "gauge",
		unit: "By",
		help: "On the sending server: WAL that a connected replica has not replayed yet, by its application_name",
		labels: replica,
		fold: "max",
	},
	replicationLag: {
		name: "db_replication_lag_seconds",
		kind: "gauge",
		unit: "s",
		help: "On the sending server: time from writing WAL to a connected replica's having replayed it, 0 if it has replayed all",
		labels: replica,
		fold: "max",
	},
	standbyStreaming: {
		name: "db_standby_streaming",
		kind: "gauge",
		unit: "{streaming}",
		help: "On a standby: 1 if it is streaming WAL from its primary, else 0",
	},
	standbyLagBytes: {
		name: "db_standby_lag_bytes",
		kind: "gauge",
		unit: "By",
		help: "On a standby that streams: WAL of its primary that it has not replayed yet",
	},
	standbyLag: {
		name: "db_standby_lag_seconds",
		kind: "gauge",
		unit: "s",
		help: "On a standby: 0 while it streams and has replayed all that its primary told of, else the time since it last had, at most the age of the last transaction it replayed",
	},
	slotActive: {
		name: "db_replication_slot_active",
		kind: "gauge",
		unit: "{active}",
		help: "1 if a consumer is connected to the replication slot, else 0",
		labels: slot,
		fold: "min",
	},
	slotRetained: {
		name: "db_replication_slot_retained_bytes",
		kind: "gauge",
		unit: "By",
		help: "WAL that the server keeps for the replication slot's consumer",
		labels: slot,
		fold: "max",
	},

	statementCalls: {
		name: "db_statement_calls_total",
		kind: "counter",
		unit: "{call}",
		help: "Executions of a statement, for those that took the most time in total (pg_stat_statements)",
		labels: queryid,
	},
	statementTime: {
		name: "db_statement_seconds_total",
		kind: "counter",
		unit: "s",
		help: "Time spent in executing a statement, for those that took the most in total (pg_stat_statements)",
		labels: queryid,
	},
	statementRows: {
		name: "db_statement_rows_total",
		kind: "counter",
		unit: "{row}",
		help: "Rows that a statement returned or changed, for those that took the most time in total (pg_stat_statements)",
		labels: queryid,
	},
} satisfies Record<string, Metric>;
