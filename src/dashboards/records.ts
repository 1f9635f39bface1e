import { selector } from "./series.ts";

/**
 * What prometheus/rules/dashboards.yaml records each minute. Graphs over time read these: Prometheus reads some ten million samples
 * a second, and weeks of the buckets of many functions have more, while a record has a sample a minute.
 */
export type Recorded =
	| "function:adult_matching_edge_requests:rate15m"
	| "function:adult_matching_edge_request_errors_per_requests:ratio_rate15m"
	| "function:adult_matching_edge_request_processing_duration_ms:p95_15m"
	| "le:adult_matching_edge_request_processing_duration_ms_bucket:rate15m"
	| "function_error_type:adult_matching_edge_errors:rate15m"
	| `function_operation:adult_matching_edge_${"db" | "ml"}_operation_errors_per_operations:ratio_rate15m`
	| "function_signal_reason:adult_matching_edge_telemetry_dropped:increase15m"
	| `job_endpoint:adult_matching_${"requests" | "request_errors"}:rate2m`
	| "job_le:adult_matching_request_duration_seconds_bucket:rate2m"
	| "le:traces_span_metrics_duration_seconds_bucket:rate2m"
	| "group_component:adult_matching_component_state:worst1m"
	| "group_component:adult_matching_probe_duration_seconds:p95_15m"
	| `phase:adult_matching_probe_phase_duration_seconds_${"sum" | "count"}:rate2m`
	| "job_instance_host_name:adult_matching_component_last_check_timestamp_seconds:age"
	| "adult_matching_ml_model_accuracy:avg7d";

/** What was recorded, on average within each point of a graph. */
export function average(record: Recorded, ...matchers: string[]): string {
	return `avg_over_time(${selector(record, matchers)}[$__interval])`;
}

/** The largest that was recorded within each point, so that what was short is seen at any range. */
export function largest(record: Recorded, ...matchers: string[]): string {
	return `max_over_time(${selector(record, matchers)}[$__interval])`;
}

/** A label that no series has. */
export const noLabel = "none";

/**
 * What is recorded of all where "All" of a variable is chosen, and else what is asked of the chosen few: buckets can't be recorded for
 * every choice, and all of them take seconds to read.
 *
 * "All" is `.*`, which matches a label that is not there, while a choice does not. So `none=~"$function"` finds a record for "All"
 * only and `none!~"$function"` a series for a choice only, and Prometheus need not read anything of the other.
 * @param recorded,chosen make the two queries, given the matcher
 */
export function allOrChosen(
	variable: string,
	recorded: (isAll: string) => string,
	chosen: (isChoice: string) => string,
): string {
	return `${recorded(`${noLabel}=~"$${variable}"`)} or ${chosen(`${noLabel}!~"$${variable}"`)}`;
}
