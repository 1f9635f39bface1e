import type { Place } from "./context.ts";
import { isolate } from "./isolate.ts";

/** How a request ended. */
export interface Ending {
	/** The answer's, where there is one. */
	readonly status?: number;
	readonly errorType?: string | undefined;
	readonly thrown?: unknown;
	/** Seconds until the answer's first byte. */
	readonly firstByte?: number;
}

/** Writes the line that tells of a request, when it has ended. */
export function logRequest(
	{ scope, span }: Place,
	method: string,
	path: string,
	{ status, errorType, thrown }: Ending,
	took: number,
): void {
	const failed = errorType !== undefined;
	const { functionName, requestId, userId, clock } = scope;
	isolate().log({
		level: failed ? "error" : "info",
		message: failed ? "Request failed" : "Request completed successfully",
		functionName,
		time: clock.now(),
		data: {
			method,
			url: path,
			status,
			duration_ms: Math.round(took * 1e6) / 1000,
			error: thrown ?? errorType,
		},
		requestId,
		userId,
		span,
	});
}
