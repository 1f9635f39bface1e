import type { ServerResponse } from "node:http";
import { applicationMetrics } from "../metrics/application.ts";
import type { Instruments } from "../metrics/instruments.ts";
import { namedRoute, unmatched } from "./routes/route.ts";

/** Paths that orchestrators and scrapers ask for, over and over: no user waits for their answer. */
const healthPaths: ReadonlySet<string> = new Set([
	"/health",
	"/healthz",
	"/livez",
	"/metrics",
	"/ready",
	"/readyz",
]);

/** @param url path of a request as it came, with its query */
export function isHealthCheck(url: string): boolean {
	return healthPaths.has(url.replace(/[?#].*$/, "").replace(/(?<=.)\/$/, ""));
}

/** Counts a request, and records how long it took, when its response ends; to be called when it arrives. */
export function recordRequest(
	response: ServerResponse,
	instruments: Instruments,
): void {
	const begin = performance.now();
	response.once("close", () => {
		const method = response.req.method ?? "GET";
		const endpoint = namedRoute() ?? unmatched;
		// The client left before there was a status.
		const status = response.headersSent
			? String(response.statusCode)
			: "aborted";
		const { requests, requestDuration } = applicationMetrics;
		instruments.count(requests, { method, endpoint, status });
		const seconds = (performance.now() - begin) / 1000;
		instruments.record(requestDuration, seconds, { method, endpoint });
	});
}
