import type { Metric } from "./metric.ts";

const collectors = { collector: { atMost: 30 } };

/** What the monitor says of itself and of its rules. */
export const monitorMetrics = {
	info: {
		name: "monitor_info",
		kind: "gauge",
		unit: "{monitor}",
		help: "Always 1; its labels tell the versions that run",
		labels: { version: { atMost: 1 }, node_version: { atMost: 1 } },
	},
	alertThreshold: {
		name: "alert_threshold",
		kind: "gauge",
		unit: "{threshold}",
		help: "Configured limit of a signal, in the signal's own unit: percent, or milliseconds for response_time",
		labels: {
			signal: [
				"cpu",
				"memory",
				"disk",
				"response_time",
				"error_rate",
				"uptime",
			],
			severity: ["warning", "critical"],
		},
	},
	systemState: {
		name: "system_state",
		kind: "gauge",
		unit: "{state}",
		help: "1 for the state that the system is in, 0 for the others",
		labels: { state: ["healthy", "warning", "critical"] },
	},
	collectorSuccess: {
		name: "collector_success",
		kind: "gauge",
		unit: "{success}",
		help: "1 if the collector's last round read all that it should, else 0",
		labels: collectors,
	},
	collectorDuration: {
		name: "collector_duration_seconds",
		kind: "gauge",
		unit: "s",
		help: "How long the collector's last round took",
		labels: collectors,
	},
	collectorLastSuccess: {
		name: "collector_last_success_timestamp_seconds",
		kind: "gauge",
		unit: "s",
		help: "Unix time of the end of the collector's last round that read all",
		labels: collectors,
	},
	collectorErrors: {
		name: "collector_errors_total",
		kind: "counter",
		unit: "{error}",
		help: "Rounds that read nothing, ran out of time, or missed a part",
		labels: { ...collectors, reason: ["failed", "timeout", "partial"] },
	},
	collectorSkipped: {
		name: "collector_skipped_rounds_total",
		kind: "counter",
		unit: "{round}",
		help: "Rounds that were left out because the one before had not ended",
		labels: collectors,
	},
	labelsFolded: {
		name: "labels_folded_total",
		kind: "counter",
		unit: "{value}",
		help: "Times that a label value went into `other` because it was unknown or one too many",
		labels: { metric: { atMost: 1000 }, label: { atMost: 1000 } },
	},
	exports: {
		name: "telemetry_exports_total",
		kind: "counter",
		unit: "{export}",
		help: "Attempts to send telemetry to the OpenTelemetry collector",
		labels: { signal: ["metrics", "traces"], outcome: ["success", "failure"] },
	},
} satisfies Record<string, Metric>;
