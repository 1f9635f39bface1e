import type { Context } from "@opentelemetry/api";
import type { Mask } from "../excerpt.ts";
import type { HttpRequest, HttpResult } from "../http/exchange.ts";

/** Makes one request in a CLIENT span beneath the parent. Settles soon after the signal is aborted. */
export type TracedRequest = (
	name: string,
	options: HttpRequest,
	parent: Context | undefined,
	signal: AbortSignal,
) => Promise<{ readonly result: HttpResult }>;

export interface SqlOptions {
	/** Of $1, $2, … as text; their types are what the query makes of them. */
	readonly values: readonly (string | null)[];
	/** Seconds. */
	readonly timeout: number;
	readonly signal: AbortSignal;
}

/**
 * Asks a query, read-only, and gives the first column of its first row as Postgres' text: null for NULL, undefined where
 * there is no row. Settles soon after the signal is aborted.
 */
export type SqlReader = (
	sql: string,
	options: SqlOptions,
) => Promise<string | null | undefined>;

/** What all steps of one run share. */
export interface Run {
	/** The steps add what they extract. */
	readonly variables: Map<string, string>;
	readonly request: TracedRequest;
	readonly database: SqlReader | undefined;
	readonly mask: Mask;
}
