import type { StepConfig } from "../../config/schema/flow.ts";

export type Expected = StepConfig["expect"];

/** A query's first value as Postgres' text; null for NULL, undefined where there was no row. */
export type Found = string | null | undefined;

/** Whether a query found what was expected; where nothing is expected, any row will do. */
export function isAsExpected(found: Found, expected: Expected): boolean {
	if (expected === undefined) return found !== undefined;
	if (expected === null) return found === null || found === undefined;
	if (found === null || found === undefined) return false;
	if (typeof expected === "number") {
		return found.trim() !== "" && Number(found) === expected;
	}
	if (typeof expected === "boolean") {
		return (expected ? ["t", "true"] : ["f", "false"]).includes(found);
	}
	return found === expected;
}
