import type { Context } from "@opentelemetry/api";
import type { StepConfig } from "../../config/schema/flow.ts";
import { reasonOf } from "../../postgres/failure.ts";
import { ReadFailure } from "../../postgres/query-failure.ts";
import { excerpt, type Mask } from "../excerpt.ts";
import { codeOf } from "../http/failure.ts";
import { inSqlSpan } from "../values/sql-span.ts";
import type { Run } from "./dependencies.ts";
import { type Found, isAsExpected } from "./expectation.ts";
import { fillScalar } from "./fill-request.ts";
import { valueFor } from "./references.ts";
import { withParameters } from "./sql-parameters.ts";
import { StepError } from "./step-error.ts";
import type { TimeLimit } from "./time-limit.ts";

/** Seconds that a query may take. */
const queryTimeout = 10;

interface Query {
	readonly name: string;
	readonly sql: string;
	readonly expect?: StepConfig["expect"];
}

/**
 * Asks a step's query, and gives what it found if that was expected.
 * @throws StepError if not
 */
export async function ask(
	{ name, sql, expect }: Query,
	run: Run,
	parent: Context,
	limit: TimeLimit,
): Promise<Found> {
	const expected = fillScalar(expect, run.variables);
	const found = await read(name, sql, run, parent, limit);
	if (isAsExpected(found, expected)) return found;
	const got = found === undefined ? "no row" : shown(found, run.mask);
	const wanted = expected === undefined ? "one" : shown(expected, run.mask);
	throw new StepError(`found ${got} instead of ${wanted}`, "expectation");
}

function shown(value: string | number | boolean | null, mask: Mask): string {
	if (value === null) return "NULL";
	return typeof value === "string"
		? `"${excerpt(value, mask)}"`
		: String(value);
}

async function read(
	name: string,
	sql: string,
	{ variables, database }: Run,
	parent: Context,
	{ signal }: TimeLimit,
): Promise<Found> {
	if (database === undefined) {
		throw new StepError("there is no database to ask", "database");
	}
	const { text, names } = withParameters(sql);
	const values = names.map((each) => valueFor(variables, each));
	const { outcome } = await inSqlSpan(name, parent, () =>
		database(text, { values, timeout: queryTimeout, signal }),
	);
	if (outcome.status === "fulfilled") return outcome.value;
	throw queryFailure(outcome.reason);
}

function queryFailure(error: unknown): StepError {
	return error instanceof ReadFailure
		? new StepError(error.message, error.errorType)
		: new StepError(`its query failed: ${reasonOf(error)}`, codeOf(error));
}
