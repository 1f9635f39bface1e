import type { Metric } from "./metric.ts";

const step = { flow: { atMost: 100 }, step: { atMost: 300 } };

/** What the runs of end-to-end flows bring. */
export const flowMetrics = {
	stepSuccess: {
		name: "flow_step_success",
		kind: "gauge",
		unit: "{success}",
		help: "1 if the step succeeded in the flow's last run, 0 if it failed; absent if it was not reached",
		labels: step,
		fold: "min",
	},
	stepDuration: {
		name: "flow_step_duration_seconds",
		kind: "histogram",
		unit: "s",
		help: "Time that a step of a flow took, waiting and repetitions included",
		labels: step,
		buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10, 30],
	},
	runs: {
		name: "flow_runs_total",
		kind: "counter",
		unit: "{run}",
		help: "Runs of a flow: all steps succeeded, one failed, or only the cleanup did",
		labels: {
			flow: step.flow,
			outcome: ["success", "failure", "cleanup_failure"],
		},
	},
} satisfies Record<string, Metric>;
