import { createLogger, type Health, type Logger } from "./function-logger.ts";

/** True or `healthy` is well; false or `unhealthy` is not, nor is what is thrown. */
export type Check = () => Promise<boolean | Health>;

const timeLimit = 5000;
const worstFirst = ["unhealthy", "degraded", "healthy"] as const;

/**
 * A handler that answers how a function and what it needs are: as the worst of the checks,
 * 200 when healthy or degraded, 503 when unhealthy. Checks run side by side, within 5 seconds;
 * why one failed is logged and not answered.
 */
export function createHealthCheck(
	name: string,
	checks: Readonly<Record<string, Check>>,
): () => Promise<Response> {
	const logger = createLogger(name);
	return async () => {
		const results = await Promise.all(
			Object.entries(checks).map(async ([check, run]) => {
				const start = performance.now();
				const status = await inTime(run).catch((error: unknown): Health => {
					logger.warn(`Health check ${check} failed`, error);
					return "unhealthy";
				});
				const took = performance.now() - start;
				return [check, { status, duration_ms: Math.round(took) }] as const;
			}),
		);
		const states = results.map(([, { status }]) => status);
		const status =
			worstFirst.find((state) => states.includes(state)) ?? "healthy";
		logger.recordHealthCheck(status);
		return Response.json(
			{
				status,
				function: name,
				checks: Object.fromEntries(results),
			},
			{ status: status === "unhealthy" ? 503 : 200 },
		);
	};
}

async function inTime(check: Check): Promise<Health> {
	const { promise: tooLate, reject } = Promise.withResolvers<never>();
	const problem = new Error("no answer in time");
	const timer = setTimeout(() => reject(problem), timeLimit);
	try {
		const found = await Promise.race([check(), tooLate]);
		if (typeof found === "string") return found;
		return found ? "healthy" : "unhealthy";
	} finally {
		clearTimeout(timer);
	}
}

type HeaderFields = ConstructorParameters<typeof Headers>[0];

/**
 * Answers in one shape: `{ success: true, data }`, or `{ success: false, error: { message, details? } }`.
 * @param headers for every answer, such as those of CORS
 */
export function createResponseHelper(logger: Logger, headers?: HeaderFields) {
	function answer(
		body: unknown,
		status: number,
		more?: HeaderFields,
	): Response {
		const all = new Headers(headers);
		for (const [name, value] of new Headers(more)) all.set(name, value);
		return Response.json(body, { status, headers: all });
	}

	function failure(
		message: string,
		status: number,
		details?: unknown,
		more?: HeaderFields,
	): Response {
		const data = { status, details };
		if (status >= 500) logger.error(message, data);
		else logger.warn(message, data);
		const error = { message, details };
		return answer({ success: false, error }, status, more);
	}

	return {
		success: (data: unknown, status = 200): Response =>
			answer({ success: true, data }, status),

		/** @param details are logged and sent to the client */
		error: (message: string, status = 500, details?: unknown): Response =>
			failure(message, status, details),

		/** @param errors what was wrong, by field or in a list; logged and sent to the client */
		validationError: (errors: unknown): Response =>
			failure("Validation failed", 400, errors),

		unauthorized: (message = "Unauthorized"): Response =>
			failure(message, 401, undefined, { "www-authenticate": "Bearer" }),

		/** @param retryAfter seconds until the client may try again */
		rateLimit: (retryAfter?: number): Response =>
			failure(
				"Too many requests",
				429,
				undefined,
				retryAfter === undefined
					? undefined
					: { "retry-after": String(Math.ceil(retryAfter)) },
			),
	};
}
