import type { Metric } from "./metric.ts";

const component = {
	group: ["edge_functions", "backend_services", "ml_pipeline", "data_flows"],
	component: { atMost: 1000 },
};

/** What the probes of components bring. */
export const integrationMetrics = {
	componentUp: {
		name: "component_up",
		kind: "gauge",
		unit: "{up}",
		help: "1 if the component's last probe found it healthy or degraded, else 0",
		labels: component,
		fold: "min",
	},
	componentState: {
		name: "component_state",
		kind: "gauge",
		unit: "{state}",
		help: "1 for the state that the component is in, 0 for the others",
		labels: {
			...component,
			state: ["healthy", "degraded", "unhealthy", "unknown"],
		},
	},
	groupState: {
		name: "component_group_state",
		kind: "gauge",
		unit: "{state}",
		help: "1 for the state that the group of components is in, 0 for the others",
		labels: {
			group: component.group,
			state: ["healthy", "degraded", "unhealthy", "unknown"],
		},
	},
	probeDuration: {
		name: "probe_duration_seconds",
		kind: "histogram",
		unit: "s",
		help: "Time from the start of a probe to the end of the answer",
		labels: component,
		buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10, 30],
	},
} satisfies Record<string, Metric>;
