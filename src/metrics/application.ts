import type { Metric } from "./metric.ts";

const methods = [
	"GET",
	"HEAD",
	"POST",
	"PUT",
	"PATCH",
	"DELETE",
	"OPTIONS",
	"CONNECT",
	"TRACE",
];

/** What instrumented backends, and the ML measurements, report. */
export const applicationMetrics = {
	requests: {
		name: "requests_total",
		kind: "counter",
		unit: "{request}",
		help: "HTTP requests that came in, by the status of the answer, or `aborted` where the client left before it",
		labels: {
			method: methods,
			endpoint: { atMost: 100 },
			status: { atMost: 60 },
		},
	},
	requestDuration: {
		name: "request_duration_seconds",
		kind: "histogram",
		unit: "s",
		help: "Time from a request's arrival to the end of its response",
		labels: {
			method: methods,
			endpoint: { atMost: 100 },
		},
		buckets: [
			0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2, 2.5, 5, 7.5,
			10,
		],
	},
	modelAccuracy: {
		name: "ml_model_accuracy",
		kind: "gauge",
		unit: "{accuracy}",
		help: "Share of held-out interactions that the model predicts rightly, from 0 to 1",
	},
	dataQuality: {
		name: "data_quality_score",
		kind: "gauge",
		unit: "{score}",
		help: "Share of records that are complete and valid, from 0 to 1",
	},
	userActivity: {
		name: "user_activity_rate",
		kind: "gauge",
		unit: "{action}",
		help: "User actions a minute",
	},
	recommendationLatency: {
		name: "recommendation_latency_seconds",
		kind: "histogram",
		unit: "s",
		help: "Time from a request for recommendations to its answer",
		buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
	},
} satisfies Record<string, Metric>;
