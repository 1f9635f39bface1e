import type { Reading } from "../../metrics/metric.ts";
import type { Row } from "../../postgres/row.ts";
import type { Server } from "./server.ts";

/** What one query is to read of a server. */
export interface Subject {
	/** Completes "… could not be read". */
	readonly name: string;
	/** The query for this server, or why it has nothing to be read. */
	plan(server: Server): Plan;
	/** What the query's answer says. */
	read(rows: readonly Row[], server: Server): Found;
}

export type Plan =
	| { readonly sql: string }
	/** A sentence for the log, or nothing where nobody would miss it. */
	| { readonly absent?: string };

export interface Found {
	readonly readings: readonly Reading[];
	readonly absent?: readonly string[];
}

/** Why a role sees too little of other users' sessions, and what would change it. */
export function needsMonitorRole(what: string, { role }: Server): string {
	return `${what}: the role ${role} lacks the privileges of pg_monitor: GRANT pg_monitor TO ${role}`;
}
