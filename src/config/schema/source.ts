import { jsonPath, request } from "./request.ts";
import { seconds, sql } from "./values.ts";

/** Where a value is read: by SQL from the monitored database, or by a JSONPath from an HTTP answer. */
export const sourceShape = {
	sql: sql()
		.optional()
		.describe("A query of one row and one column, run read-only."),
	request: request
		.optional()
		.describe("A request whose JSON answer has the value at `json`."),
	json: jsonPath().optional().describe("JSONPath of the value in the answer."),
	timeout: seconds(0.1, 120).default(10).describe("Seconds for an SQL query."),
};

export interface Source {
	readonly sql?: unknown;
	readonly request?: unknown;
	readonly json?: unknown;
}

export const sourceError = "a mapping with either sql, or request and json";

export function hasOneSource({ sql, request, json }: Source): boolean {
	return sql === undefined
		? request !== undefined && json !== undefined
		: request === undefined && json === undefined;
}
