import type { Context } from "@opentelemetry/api";
import type {
	Assertion,
	HttpRequestConfig,
} from "../../config/schema/request.ts";
import type { ReadOnlyDatabase } from "../../postgres/read-only-database.ts";
import type { HttpAnswer, HttpRequest, HttpResult } from "../http/exchange.ts";
import { requestOptions } from "../http/request-options.ts";
import { readJsonValue } from "./json-value.ts";
import type { SourceValue } from "./source.ts";
import { inSqlSpan, reasonOf } from "./sql-span.ts";
import { readSqlValue } from "./sql-value.ts";

/** Where a value is read: either sql, or request and json. */
export interface SourceConfig {
	readonly sql?: string | undefined;
	readonly request?: HttpRequestConfig | undefined;
	/** JSONPath */
	readonly json?: string | undefined;
	/** Seconds, of an SQL query. */
	readonly timeout: number;
}

export interface SourceDependencies {
	/** Where queries are run; without one, none can be. */
	readonly database: ReadOnlyDatabase | undefined;
	/** Sends a request in a span of its own. */
	readonly request: (
		name: string,
		options: HttpRequest,
		parent: Context | undefined,
		signal: AbortSignal,
	) => Promise<{
		readonly result: HttpResult;
		readonly traceId?: string | undefined;
	}>;
	/** What does not hold of an answer, in words. */
	readonly failedAssertion: (
		assertions: readonly Assertion[],
		answer: HttpAnswer,
	) => string | undefined;
	/** This machine's clock, in Unix milliseconds. */
	readonly now?: () => number;
}

export interface SourceReading {
	readonly outcome:
		| { readonly kind: "value"; readonly value: SourceValue }
		/** The reason is a sentence about the query, the answer, or whom they are asked from. */
		| { readonly kind: "failure"; readonly reason: string };
	/** Seconds. */
	readonly duration: number;
	/** Where the trace of this reading is found, if traces are kept. */
	readonly traceId?: string | undefined;
	/** Seconds that the database's clock is ahead of this machine's, if it was asked. */
	readonly clockSkew?: number | undefined;
}

/** Reads a source. Never rejects: what goes wrong is an outcome. */
export type SourceReader = (
	signal: AbortSignal,
	parent?: Context,
) => Promise<SourceReading>;

type Outcome = Omit<SourceReading, "duration">;

/** @param name what its spans are called */
export function createSourceReader(
	name: string,
	source: SourceConfig,
	dependencies: SourceDependencies,
): SourceReader {
	return async (signal, parent) => {
		const start = performance.now();
		const outcome = await read(name, source, dependencies, signal, parent);
		return { ...outcome, duration: (performance.now() - start) / 1000 };
	};
}

function read(
	name: string,
	source: SourceConfig,
	dependencies: SourceDependencies,
	signal: AbortSignal,
	parent: Context | undefined,
): Promise<Outcome> | Outcome {
	const { sql, request, json, timeout } = source;
	if (sql !== undefined) {
		const { database } = dependencies;
		if (database === undefined) return failure(withoutDatabase);
		return readSql(name, parent, () =>
			readSqlValue(database, sql, { timeout, signal }),
		);
	}
	if (request === undefined || json === undefined) {
		return failure("it has no source");
	}
	return readJson(name, request, json, dependencies, signal, parent);
}

/** Why no query can be run. */
export const withoutDatabase = "there is no database to ask: set DATABASE_URL";

async function readSql(
	name: string,
	parent: Context | undefined,
	readValue: () => ReturnType<typeof readSqlValue>,
): Promise<Outcome> {
	const { outcome, traceId } = await inSqlSpan(name, parent, readValue);
	if (outcome.status === "rejected") {
		return failure(reasonOf(outcome.reason), traceId);
	}
	const { value, clockSkew } = outcome.value;
	return { outcome: { kind: "value", value }, traceId, clockSkew };
}

async function readJson(
	name: string,
	config: HttpRequestConfig,
	path: string,
	{ request, failedAssertion, now = Date.now }: SourceDependencies,
	signal: AbortSignal,
	parent: Context | undefined,
): Promise<Outcome> {
	const options = requestOptions(config);
	const { result, traceId } = await request(
		`request ${name}`,
		options,
		parent,
		signal,
	);
	if (result.kind === "failure") return failure(result.reason, traceId);
	const expected = config.expected_status ?? [200];
	if (!expected.includes(result.status)) {
		const reason = `answered ${result.status} instead of ${expected.join("/")}`;
		return failure(reason, traceId);
	}
	const failed = failedAssertion(config.assertions, result);
	if (failed !== undefined) return failure(failed, traceId);
	try {
		const value = readJsonValue(result, path, now());
		return { outcome: { kind: "value", value }, traceId };
	} catch (error) {
		return failure(reasonOf(error), traceId);
	}
}

function failure(reason: string, traceId?: string): Outcome {
	return { outcome: { kind: "failure", reason }, traceId };
}
