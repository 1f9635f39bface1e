/**
 * The metrics of other programs that dashboards, rules and runbooks read, with their labels beside `job` and `instance`.
 * Read off the running programs: the collector 0.158.0 with otel-collector/config.yaml, Prometheus 3.16.0 and Alertmanager 0.34.2.
 */
export const otherMetrics = {
	up: [],
	/** Sent by `npm run alerts:ping`. */
	adult_matching_alert_ping: ["ping"],
	target_info: ["deployment_environment_name"],
	ALERTS: [
		"alertname",
		"alertstate",
		"severity",
		"component",
		"group",
		"function",
	],

	otelcol_receiver_accepted_spans: ["receiver", "transport"],
	otelcol_receiver_accepted_log_records: ["receiver", "transport"],
	otelcol_receiver_accepted_metric_points: ["receiver", "transport"],
	otelcol_receiver_refused_spans: ["receiver", "transport"],
	otelcol_receiver_refused_metric_points: ["receiver", "transport"],
	otelcol_receiver_refused_log_records: ["receiver", "transport"],
	otelcol_exporter_send_failed_spans: ["exporter"],
	otelcol_exporter_send_failed_metric_points: ["exporter"],
	otelcol_exporter_send_failed_log_records: ["exporter"],
	otelcol_exporter_queue_size: ["exporter", "data_type"],
	otelcol_exporter_queue_capacity: ["exporter", "data_type"],
	otelcol_deltatocumulative_datapoints: ["error"],
	otelcol_process_memory_rss: [],

	traces_service_graph_request_total: ["client", "server", "failed"],
	traces_service_graph_request_failed_total: ["client", "server", "failed"],
	traces_service_graph_request_client_seconds_bucket: [
		"client",
		"server",
		"failed",
		"le",
	],

	traces_span_metrics_calls_total: [
		"deployment_environment_name",
		"service_name",
		"faas_name",
		"span_name",
		"span_kind",
		"status_code",
	],
	traces_span_metrics_duration_seconds_bucket: [
		"deployment_environment_name",
		"service_name",
		"faas_name",
		"span_name",
		"span_kind",
		"status_code",
		"le",
	],

	prometheus_rule_evaluation_failures_total: ["rule_group"],
	prometheus_rule_group_iterations_missed_total: ["rule_group"],
	prometheus_rule_group_last_duration_seconds: ["rule_group"],
	prometheus_rule_group_interval_seconds: ["rule_group"],
	prometheus_tsdb_compactions_failed_total: [],
	prometheus_tsdb_reloads_failures_total: [],
	prometheus_tsdb_head_truncations_failed_total: [],
	prometheus_tsdb_wal_corruptions_total: [],
	prometheus_tsdb_wal_writes_failed_total: [],
	prometheus_notifications_errors_total: ["alertmanager"],
	prometheus_notifications_alertmanagers_discovered: [],

	prometheus_tsdb_head_series: [],

	alertmanager_notifications_total: ["integration"],
	alertmanager_notifications_failed_total: ["integration", "reason"],
} satisfies Readonly<Record<string, readonly string[]>>;
