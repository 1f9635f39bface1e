import {
	type Context,
	context,
	SpanKind,
	SpanStatusCode,
	TraceFlags,
	trace,
} from "@opentelemetry/api";
import {
	ATTR_DB_SYSTEM_NAME,
	ATTR_ERROR_TYPE,
} from "@opentelemetry/semantic-conventions";
import { ReadFailure } from "../../postgres/query-failure.ts";
import { Unreadable } from "./unreadable.ts";

export interface Spanned<Result> {
	readonly outcome: PromiseSettledResult<Result>;
	/** Where the trace is found, if traces are kept. */
	readonly traceId: string | undefined;
}

/** Reads from the database in a span, which does not hold the query. Never rejects. */
export async function inSqlSpan<Result>(
	name: string,
	parent: Context | undefined,
	read: () => Promise<Result>,
): Promise<Spanned<Result>> {
	const outer = parent ?? context.active();
	const span = trace.getTracer("adult-matching-monitoring").startSpan(
		`sql ${name}`,
		{
			kind: SpanKind.CLIENT,
			root: parent === undefined,
			attributes: { [ATTR_DB_SYSTEM_NAME]: "postgresql" },
		},
		outer,
	);
	const [outcome] = await Promise.allSettled([
		context.with(trace.setSpan(outer, span), read),
	]);
	if (outcome.status === "rejected") {
		const { reason } = outcome;
		span.setAttribute(ATTR_ERROR_TYPE, errorTypeOf(reason));
		span.setStatus({ code: SpanStatusCode.ERROR, message: reasonOf(reason) });
	}
	span.end();
	const { traceId, traceFlags } = span.spanContext();
	const isKept = (traceFlags & TraceFlags.SAMPLED) !== 0;
	return { outcome, traceId: isKept ? traceId : undefined };
}

function errorTypeOf(error: unknown): string {
	if (error instanceof ReadFailure) return error.errorType;
	return error instanceof Error ? error.constructor.name : "_OTHER";
}

/** What may be shown of an error: the sentences of those that are ours. */
export function reasonOf(error: unknown): string {
	const isOurs = error instanceof ReadFailure || error instanceof Unreadable;
	return isOurs ? error.message : "it failed for an unknown reason";
}
