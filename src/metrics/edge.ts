import type { Metric } from "./metric.ts";

const aFunction = { function: { atMost: 100 } };
const durations = {
	kind: "histogram",
	unit: "ms",
	labels: aFunction,
	buckets: [
		1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2000, 5000, 10_000, 30_000,
	],
} as const;

/** What the edge library sends. An isolate sends 200 series at most; what is over them becomes `other`. */
export const edgeMetrics = {
	requests: {
		name: "edge_requests_total",
		kind: "counter",
		unit: "{request}",
		help: "Requests that an edge function answered, by status; 500 where the handler threw",
		labels: { ...aFunction, status: { atMost: 60 } },
	},
	requestProcessing: {
		...durations,
		name: "edge_request_processing_duration_ms",
		help: "Time from a request's arrival to the handler's answer, without the sending of its body",
	},
	databaseOperation: {
		...durations,
		name: "edge_db_name_duration_ms",
		help: "Stands for one metric an operation, with the operation's name instead of `name`: time of a database operation",
	},
	mlOperation: {
		...durations,
		name: "edge_ml_name_duration_ms",
		help: "Stands for one metric an operation, with the operation's name instead of `name`: time of a model's work",
	},
	timer: {
		...durations,
		name: "edge_timer_duration_ms",
		help: "Stands for one metric a timer, with the timer's name instead of `timer`: time until it was stopped",
	},
	otherOperation: {
		...durations,
		name: "edge_other_duration_ms",
		help: "Time of the operations and timers that are over an isolate's 150 series for names of users",
	},
	errors: {
		name: "edge_errors_total",
		kind: "counter",
		unit: "{error}",
		help: "Errors, each counted once: thrown by the handler or an operation, given to the logger, or an answer of 500 and above without one",
		labels: { ...aFunction, error_type: { atMost: 150 } },
	},
	responses: {
		name: "edge_responses_total",
		kind: "counter",
		unit: "{response}",
		help: "Answers that handlers gave, by status",
		labels: {
			...aFunction,
			status: { atMost: 60 },
			status_class: ["1xx", "2xx", "3xx", "4xx", "5xx"],
		},
	},
	databaseOperations: {
		name: "edge_db_operations_total",
		kind: "counter",
		unit: "{operation}",
		help: "Database operations; one whose answer has an `error` counts as failed",
		labels: {
			...aFunction,
			operation: { atMost: 150 },
			status: ["success", "error"],
		},
	},
	mlOperations: {
		name: "edge_ml_operations_total",
		kind: "counter",
		unit: "{operation}",
		help: "Operations of models, by version where one is given",
		labels: {
			...aFunction,
			operation: { atMost: 150 },
			status: ["success", "error"],
			model_version: { atMost: 150 },
		},
	},
	healthChecks: {
		name: "edge_health_checks_total",
		kind: "counter",
		unit: "{check}",
		help: "Health checks of edge functions, by what they found",
		labels: { ...aFunction, status: ["healthy", "degraded", "unhealthy"] },
	},
	userActions: {
		name: "edge_user_actions_total",
		kind: "counter",
		unit: "{action}",
		help: "What users did, as the functions tell",
		labels: { ...aFunction, action: { atMost: 150 } },
	},
	telemetryDropped: {
		name: "edge_telemetry_dropped_total",
		kind: "counter",
		unit: "{item}",
		help: "Spans (`traces`), log records (`logs`) and measurements (`metrics`) that were given up: the queue was full, the collector rejected them, or it isn't known whether it has them",
		labels: {
			...aFunction,
			signal: ["traces", "logs", "metrics"],
			reason: ["queue_full", "rejected", "not_delivered"],
		},
	},
} satisfies Record<string, Metric>;
