import { applicationMetrics } from "../metrics/application.ts";
import { edgeMetrics } from "../metrics/edge.ts";
import type { Metric } from "../metrics/metric.ts";
import { average, largest } from "./records.ts";
import { buckets, series } from "./series.ts";

/** How fast the selected series grow. */
type Rate = (selected: string) => string;
type Counter = Metric & { readonly kind: "counter" };
type Histogram = Metric & { readonly kind: "histogram" };

/** Of what is sent all the time. */
export const lately: Rate = (selected) => `rate(${selected}[$__rate_interval])`;

/**
 * Of what edge functions send. A count that nothing adds to is not sent again: a shorter time than the alert rules' would miss
 * the first count after a pause, so it is theirs, whatever time the dashboard shows. `anchored` counts exactly.
 */
export const latelyAtTheEdge: Rate = (selected) =>
	`rate(${selected}[15m] anchored)`;

/** The 5xx answers. */
const failed = 'status=~"5.."';

/** Requests a second to backends. */
export function requests(by: string, ...where: string[]): string {
	return total(lately, series(applicationMetrics.requests, ...where), by);
}

/** Percent of the requests to backends that failed. */
export function failing(by: string, ...where: string[]): string {
	return percent(lately, applicationMetrics.requests, by, failed, where);
}

/** For graphs: requests a second to backends, on average within each point. */
export function requestsOverTime(by: string, ...where: string[]): string {
	return `sum by (${by}) (${someRequests(...where)})`;
}

/** For graphs: something, where backends were asked for anything. */
export function someRequests(...where: string[]): string {
	return average("job_endpoint:adult_matching_requests:rate2m", ...where);
}

/** For graphs: percent of the requests to backends within each point that failed. */
export function failingOverTime(by: string, ...where: string[]): string {
	const some = average(
		"job_endpoint:adult_matching_request_errors:rate2m",
		...where,
	);
	return `100 * sum by (${by}) (${some}) / (${requestsOverTime(by, ...where)} > 0)`;
}

/** For graphs: requests a second to edge functions, on average within each point. */
export function edgeRequestsOverTime(...where: string[]): string {
	return `sum by (function) (${someAtTheEdge(...where)})`;
}

/** For graphs: something, where edge functions were asked for anything. */
export function someAtTheEdge(...where: string[]): string {
	return average("function:adult_matching_edge_requests:rate15m", ...where);
}

/** For graphs: percent of the requests to edge functions that failed, in the worst quarter of an hour of each point. */
export function edgeFailingOverTime(...where: string[]): string {
	const share = largest(
		"function:adult_matching_edge_request_errors_per_requests:ratio_rate15m",
		...where,
	);
	return `100 * max by (function) (${share})`;
}

/** Percent of the requests to edge functions that failed. */
export function edgeFailing(by: string, ...where: string[]): string {
	return percent(latelyAtTheEdge, edgeMetrics.requests, by, failed, where);
}

/** Percent of a count that a matcher is true of. */
function percent(
	rate: Rate,
	metric: Counter,
	by: string,
	part: string,
	where: readonly string[],
): string {
	const all = total(rate, series(metric, ...where), by);
	const some = total(rate, series(metric, part, ...where), by);
	return percentOf(some, all);
}

/** 0 where there are none of them, nothing where there is nothing at all. */
export function percentOf(some: string, all: string): string {
	return `100 * (${some} or 0 * ${all}) / (${all} > 0)`;
}

/** What all but so many did not exceed, in the histogram's unit. */
export function quantile(
	share: number,
	rate: Rate,
	metric: Histogram,
	by: string,
	...where: string[]
): string {
	return quantileOf(share, rate, buckets(metric, ...where), by);
}

/** The same of selected buckets. */
export function quantileOf(
	share: number,
	rate: Rate,
	selected: string,
	by: string,
): string {
	const labels = by === "" ? "le" : `${by}, le`;
	return `histogram_quantile(${share}, ${total(rate, selected, labels)})`;
}

function total(rate: Rate, selected: string, by: string): string {
	return `sum by (${by}) (${rate(selected)})`;
}
