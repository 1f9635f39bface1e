import type { Metric } from "./metric.ts";

const group = [
	"edge_functions",
	"backend_services",
	"ml_pipeline",
	"data_flows",
	"e2e_flows",
	"heartbeats",
	"database",
];
const component = { group, component: { atMost: 1000 } };
const state = ["healthy", "degraded", "unhealthy", "unknown"];
const dataFlow = { flow: { atMost: 100 } };
const heartbeat = { heartbeat: { atMost: 100 } };

/** What the checks of components bring. */
export const integrationMetrics = {
	componentUp: {
		name: "component_up",
		kind: "gauge",
		unit: "{up}",
		help: "1 if the component is healthy or degraded, 0 if it is unhealthy; absent while that is unknown",
		labels: component,
		fold: "min",
	},
	componentState: {
		name: "component_state",
		kind: "gauge",
		unit: "{state}",
		help: "1 for the state that the component is in, 0 for the others",
		labels: { ...component, state },
	},
	groupState: {
		name: "component_group_state",
		kind: "gauge",
		unit: "{state}",
		help: "1 for the state that the group of components is in, 0 for the others",
		labels: { group, state },
	},
	overallState: {
		name: "integration_state",
		kind: "gauge",
		unit: "{state}",
		help: "1 for the state that all groups together are in, 0 for the others",
		labels: { state },
	},
	componentFailure: {
		name: "component_failure",
		kind: "gauge",
		unit: "{failure}",
		help: "Always 1, while the component is not well: `trace_id` leads to the trace of the check that found it so",
		labels: { ...component, trace_id: { atMost: 1000 } },
	},
	componentUptime: {
		name: "component_uptime_percent",
		kind: "gauge",
		unit: "%",
		help: "Share of the checks in the window that found the component healthy or degraded; those that could not tell have no say",
		labels: { ...component, window: ["1h", "24h", "7d", "30d"] },
		fold: "min",
	},
	lastCheck: {
		name: "component_last_check_timestamp_seconds",
		kind: "gauge",
		unit: "s",
		help: "Unix time of the end of the component's last check",
		labels: component,
		fold: "min",
	},
	checkDelay: {
		name: "check_delay_seconds",
		kind: "histogram",
		unit: "s",
		help: "Time from when a check was due to when it began",
		buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
	},
	checksSkipped: {
		name: "checks_skipped_total",
		kind: "counter",
		unit: "{check}",
		help: "Checks that were left out because the one before had not ended when they were due",
		labels: component,
	},
	probeDuration: {
		name: "probe_duration_seconds",
		kind: "histogram",
		unit: "s",
		help: "Time from the start of a probe to the end of the answer",
		labels: component,
		buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10, 30],
	},
	probePhaseDuration: {
		name: "probe_phase_duration_seconds",
		kind: "histogram",
		unit: "s",
		help: "Time of each phase of a probe: name resolution, TCP connection, TLS handshake, wait for the first byte, transfer of the answer",
		labels: {
			...component,
			phase: ["dns", "connect", "tls", "first_byte", "transfer"],
		},
		// Few: there are five of these histograms a component.
		buckets: [0.001, 0.01, 0.1, 0.5, 2, 5],
	},
	certificateExpiry: {
		name: "probe_certificate_expiry_timestamp_seconds",
		kind: "gauge",
		unit: "s",
		help: "Unix time at which the first certificate of the component's chain ends",
		labels: component,
		fold: "min",
	},
	dataFlowAge: {
		name: "data_flow_age_seconds",
		kind: "gauge",
		unit: "s",
		help: "Age of the data flow's newest data, by the clock of its source",
		labels: dataFlow,
		fold: "max",
	},
	dataFlowMaxAge: {
		name: "data_flow_max_age_seconds",
		kind: "gauge",
		unit: "s",
		help: "Configured limit of the data flow's age",
		labels: dataFlow,
		fold: "min",
	},
	dataFlowCondition: {
		name: "data_flow_condition",
		kind: "gauge",
		unit: "{condition}",
		help: "1 for the condition that the data flow is in, 0 for the others: `stale` is over its limit, `stopped` over two hours as well, `empty` without any data, `behind` a stage before it that is none of fresh",
		labels: {
			...dataFlow,
			condition: ["fresh", "stale", "stopped", "empty", "behind", "unreadable"],
		},
	},
	clockSkew: {
		name: "db_clock_skew_seconds",
		kind: "gauge",
		unit: "s",
		help: "How far the database's clock is ahead of this machine's, to within half a round trip",
	},
	heartbeatAge: {
		name: "heartbeat_age_seconds",
		kind: "gauge",
		unit: "s",
		help: "Time since the job last reported that it had succeeded; absent before the first time",
		labels: heartbeat,
		fold: "max",
	},
	heartbeatMaxAge: {
		name: "heartbeat_max_age_seconds",
		kind: "gauge",
		unit: "s",
		help: "Configured time between two reports of the job, without the grace",
		labels: heartbeat,
		fold: "min",
	},
	heartbeatDuration: {
		name: "heartbeat_duration_seconds",
		kind: "gauge",
		unit: "s",
		help: "How long the job's last run took, by its own account or from its start to its end",
		labels: heartbeat,
		fold: "max",
	},
	heartbeats: {
		name: "heartbeats_total",
		kind: "counter",
		unit: "{report}",
		help: "Reports of jobs that came in",
		labels: { ...heartbeat, state: ["start", "ok", "fail"] },
	},
} satisfies Record<string, Metric>;
