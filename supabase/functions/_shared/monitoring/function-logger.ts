import { currentPlace } from "./context.ts";
import { countError, countResponse } from "./counts.ts";
import type { Level } from "./environment.ts";
import { errorType, quietly } from "./errors.ts";
import { hostSpan } from "./host-tracing.ts";
import { requestIdOf } from "./identity.ts";
import {
	labelValue,
	metricName,
	safeLabels,
	type Tags,
} from "./instruments.ts";
import { isolate } from "./isolate.ts";
import type { Labels } from "./metrics.ts";
import {
	observeDatabase,
	observeModel,
	startTimer,
	type Work,
} from "./operation.ts";
import { traceFetch } from "./outgoing-fetch.ts";
import { textOf } from "./runtime.ts";
import { serveRequest } from "./server-request.ts";

export type Health = "healthy" | "degraded" | "unhealthy";

/** Log lines, metrics and measured operations of a function. */
export class Logger {
	readonly #name: string;
	/** What is known outside of a request; inside, the request's own context is used. */
	#requestId: string | undefined;
	#userId: string | undefined;

	constructor(name: string) {
		this.#name = name;
	}

	/** Gives the log lines a request's id, where no `withMonitoring` or `monitorRequest` has done it. */
	setRequestContext(request: Request): void {
		this.#requestId = quietly(() => requestIdOf(request));
	}

	/** Names the user in the log lines of this request. No span and no metric holds the id. */
	setUserContext(userId: string | null | undefined): void {
		const id = userId == null ? undefined : textOf(userId);
		const scope = currentPlace()?.scope;
		if (scope) scope.userId = id;
		else this.#userId = id;
	}

	debug(message: string, data?: unknown, context?: unknown): void {
		this.#log("debug", message, data, context);
	}

	info(message: string, data?: unknown, context?: unknown): void {
		this.#log("info", message, data, context);
	}

	warn(message: string, data?: unknown, context?: unknown): void {
		this.#log("warn", message, data, context);
	}

	/** Logs an error; one that is given as `data` is counted too, if it wasn't yet. */
	error(message: string, data?: unknown, context?: unknown): void {
		quietly(() => {
			if (data instanceof Error) countError(this.#name, data, errorType(data));
		});
		this.#log("error", message, data, context);
	}

	/**
	 * Counts (without a unit, or with `count`), or measures into a histogram (with any other unit:
	 * `ms`, `bytes`, `ratio`, …), as `<namespace>_edge_<name>`.
	 * @param value zero or more; anything else is logged and left out
	 */
	metric(name: string, value: number, unit?: string, tags: Tags = {}): void {
		if (!Number.isFinite(value) || value < 0) {
			this.warn(`Metric ${metricName(name)} needs a number from 0 on`);
			return;
		}
		quietly(() => {
			const instrument = isolate().instruments.custom(name, unit);
			isolate().record(this.#name, instrument, value, safeLabels(tags));
		});
	}

	/** Starts measuring an operation. The returned function ends it, and gives the milliseconds. */
	startTimer(operation: string): () => number {
		return startTimer(this.#name, operation);
	}

	/** Runs a handler as a request of this function, as `withMonitoring` does. */
	monitorRequest(
		request: Request,
		handler: (request: Request) => Response | Promise<Response>,
	): Promise<Response> {
		quietly(traceFetch);
		return serveRequest(this.#name, request, undefined, () => handler(request));
	}

	/**
	 * Runs a query as a span, timed and counted. What it throws is thrown on;
	 * an answer with an `error`, as supabase-js gives it, counts as failed.
	 */
	monitorDatabaseOperation<T>(name: string, work: Work<T>): Promise<T> {
		return observeDatabase(this.#name, name, work);
	}

	/** Runs a model's work as a span, timed and counted by version. What it throws is thrown on. */
	monitorMLOperation<T>(
		name: string,
		work: Work<T>,
		modelVersion?: string,
	): Promise<T> {
		return observeModel(this.#name, name, work, modelVersion);
	}

	/** Counts the result of a health check, and logs one that is not healthy. */
	recordHealthCheck(status: Health, details?: unknown): void {
		const label = labelValue(status);
		this.#count("health_checks", { status: label });
		const level = label === "healthy" ? "debug" : "warn";
		this.#log(level, `Health check: ${label}`, details);
	}

	/** Counts what a user did, and logs it. */
	recordUserAction(action: string, data?: unknown): void {
		const label = labelValue(action);
		this.#count("user_actions", { action: label });
		this.#log("info", `User action: ${label}`, data);
	}

	/** Counts an answer by its status, once, and gives it back. `withMonitoring` does it by itself. */
	monitorResponse(response: Response): Response {
		quietly(() => countResponse(this.#name, response));
		return response;
	}

	#count(name: string, labels: Labels): void {
		const counted = isolate().instruments.counter(name);
		isolate().record(this.#name, counted, 1, labels);
	}

	#log(level: Level, message: string, data?: unknown, context?: unknown): void {
		const place = currentPlace();
		quietly(() =>
			isolate().log({
				level,
				message: textOf(message),
				functionName: this.#name,
				time: Date.now(),
				data,
				context,
				requestId: place?.scope.requestId ?? this.#requestId,
				userId: place ? place.scope.userId : this.#userId,
				span: place?.span ?? hostSpan(),
			}),
		);
	}
}

/**
 * A logger of the function `name`. Inside a request, all its loggers share the request's context.
 * @param name the function's name, as in its URL
 */
export function createLogger(name: string): Logger {
	return new Logger(name);
}
