import { randomBytes } from "node:crypto";

/** Requests to an edge function that asks a backend, which asks its database: as the libraries send them, in OTLP/JSON. */
export interface Requests {
	readonly traces: string;
	readonly spanIds: readonly string[];
	/** The edge function's counts, as a delta. */
	readonly counts: string;
	readonly count: number;
}

const string = (key: string, stringValue: string) => ({
	key,
	value: { stringValue },
});

const nanoseconds = (milliseconds: number) =>
	`${Math.round(milliseconds)}000000`;

const edge = {
	attributes: [
		string("service.name", "content_feed"),
		string("faas.name", "content_feed"),
	],
};
const backend = {
	attributes: [
		string("service.name", "data_sync"),
		string("service.instance.id", "data-sync-1"),
	],
};

/** @param time when they came, in milliseconds */
export function edgeRequests(count: number, time = Date.now()): Requests {
	const calls = Array.from({ length: count }, () => call(time));
	const spanIds = calls.flatMap(({ all }) => all);
	const traces = {
		resourceSpans: [
			spansOf(
				edge,
				calls.flatMap((each) => each.edge),
			),
			spansOf(
				backend,
				calls.flatMap((each) => each.backend),
			),
		],
	};
	const instance = string(
		"service.instance.id",
		randomBytes(8).toString("hex"),
	);
	const point = {
		attributes: [string("function", "content_feed"), string("status", "200")],
		startTimeUnixNano: nanoseconds(time - 1000),
		timeUnixNano: nanoseconds(time),
		asDouble: count,
	};
	const metric = {
		name: "adult_matching_edge_requests_total",
		sum: {
			isMonotonic: true,
			aggregationTemporality: 1,
			dataPoints: [point],
		},
	};
	const counts = metrics({ attributes: [...edge.attributes, instance] }, [
		metric,
	]);
	return { traces: JSON.stringify(traces), spanIds, counts, count };
}

/** A counter of a process that goes on, as its SDK sends it every few seconds. */
export function cumulativeCount(
	name: string,
	value: number,
	start: number,
	time = Date.now(),
): string {
	const point = {
		attributes: [],
		startTimeUnixNano: nanoseconds(start),
		timeUnixNano: nanoseconds(time),
		asDouble: value,
	};
	return metrics(backend, [
		{
			name,
			sum: {
				isMonotonic: true,
				aggregationTemporality: 2,
				dataPoints: [point],
			},
		},
	]);
}

function metrics(resource: object, all: readonly object[]): string {
	const scopeMetrics = [{ scope: { name: "test" }, metrics: all }];
	return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics }] });
}

function spansOf(resource: object, spans: readonly object[]) {
	return { resource, scopeSpans: [{ scope: { name: "test" }, spans }] };
}

function call(time: number) {
	const traceId = randomBytes(16).toString("hex");
	const ids = Array.from({ length: 4 }, () => randomBytes(8).toString("hex"));
	const [served, asked, answered, queried] = ids;
	const span = (
		name: string,
		kind: number,
		spanId: string | undefined,
		parentSpanId: string | undefined,
		attributes: readonly object[] = [],
	) => ({
		traceId,
		spanId,
		parentSpanId,
		name,
		kind,
		startTimeUnixNano: nanoseconds(time - 20),
		endTimeUnixNano: nanoseconds(time),
		attributes,
	});
	const database = [
		string("db.system.name", "postgresql"),
		string("db.query.text", "SELECT id FROM contents WHERE category = $1"),
	];
	return {
		all: ids,
		edge: [
			span("GET content_feed", 2, served, ""),
			span("GET", 3, asked, served, [string("http.request.method", "GET")]),
		],
		backend: [
			span("GET /contents", 2, answered, asked),
			span("SELECT contents", 3, queried, answered, database),
		],
	};
}
