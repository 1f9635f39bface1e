import { currentPlace, runIn } from "./context.ts";
import { countError } from "./counts.ts";
import { errorType, quietly } from "./errors.ts";
import { hostSpan } from "./host-tracing.ts";
import { labelValue } from "./instruments.ts";
import { isolate } from "./isolate.ts";
import type { Attributes } from "./otlp.ts";
import { property } from "./runtime.ts";
import { Clock, client, internal, type Kind, Span } from "./span.ts";

export type Work<T> = () => T | PromiseLike<T>;

/** Starts a span here: under the request's, under the host's, or as the root of a trace of its own. */
export function startSpan(name: string, spanKind: Kind): Span {
	const place = currentPlace();
	const parent = place?.span ?? hostSpan();
	return new Span(name, spanKind, parent, place?.scope.clock ?? new Clock());
}

/** Runs work as part of a span: what it starts, is under it. */
export function runUnder<T>(span: Span, work: () => T): T {
	const place = currentPlace();
	return place ? runIn({ ...place, span: span.context }, work) : work();
}

interface Operation {
	readonly functionName: string;
	readonly name: string;
	readonly area: "db" | "ml";
	readonly attributes: Attributes;
	/** The model's. */
	readonly version?: string | undefined;
}

/** A query, measured and traced. An answer with an `error`, as supabase-js gives it, counts as failed. */
export function observeDatabase<T>(
	functionName: string,
	called: string,
	work: Work<T>,
): Promise<T> {
	const name = labelValue(called);
	const attributes = {
		"db.system.name": "postgresql",
		"db.query.summary": name,
	};
	return observe({ functionName, name, area: "db", attributes }, work);
}

/** A model's work, measured and traced. */
export function observeModel<T>(
	functionName: string,
	called: string,
	work: Work<T>,
	model: string | undefined,
): Promise<T> {
	const name = labelValue(called);
	const version = model == null ? undefined : labelValue(model);
	const attributes = {
		"ml.operation.name": name,
		"ml.model.version": version,
	};
	return observe({ functionName, name, area: "ml", attributes, version }, work);
}

async function observe<T>(operation: Operation, work: Work<T>): Promise<T> {
	const ofDatabase = operation.area === "db";
	const span = startSpan(operation.name, ofDatabase ? client : internal);
	let thrown: unknown;
	try {
		const answer = await runUnder(span, work);
		if (ofDatabase) thrown = property(answer, "error") ?? undefined;
		return answer;
	} catch (error) {
		thrown = error ?? "nothing";
		throw error;
	} finally {
		quietly(() => finish(operation, span, thrown));
	}
}

function finish(operation: Operation, span: Span, thrown: unknown): void {
	const { functionName, name, area, attributes, version } = operation;
	const failed = thrown !== undefined;
	span.set(attributes);
	if (failed) {
		const type = errorType(thrown);
		span.fail(type, thrown);
		countError(functionName, thrown, type);
	}
	const labels = {
		operation: name,
		status: failed ? "error" : "success",
		model_version: version,
	};
	const counted = isolate().instruments.counter(`${area}_operations`);
	isolate().record(functionName, counted, 1, labels, span.context);
	endTimed(functionName, `${area}_${name}`, span);
}

/** Measures until the returned function is called, which gives the milliseconds; calling it again changes nothing. */
export function startTimer(functionName: string, operation: string) {
	const span = startSpan(operation, internal);
	let took: number | undefined;
	return (): number => {
		took ??= endTimed(functionName, operation, span);
		return took;
	};
}

function endTimed(functionName: string, operation: string, span: Span): number {
	const took = span.elapsed();
	const timed = isolate().instruments.duration(operation);
	isolate().record(functionName, timed, took, {}, span.context);
	isolate().end(functionName, span);
	return took;
}
