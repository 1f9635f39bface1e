// OTLP's JSON as its protocol buffers define it: a field that they don't have is a mistake here.
// https://github.com/open-telemetry/opentelemetry-proto
import { z } from "zod";

export type Attributes = Readonly<Record<string, unknown>>;

const nanoseconds = z.string().regex(/^\d{19}$/);
const integer = z.string().regex(/^-?\d+$/);
const traceId = z.string().regex(/^(?!0+$)[0-9a-f]{32}$/);
const spanId = z.string().regex(/^(?!0+$)[0-9a-f]{16}$/);

const anyValue: z.ZodType<Record<string, unknown>> = z.lazy(() =>
	z
		.strictObject({
			stringValue: z.string(),
			boolValue: z.boolean(),
			intValue: integer,
			doubleValue: z.number(),
			arrayValue: z.strictObject({ values: z.array(anyValue) }),
			kvlistValue: z.strictObject({ values: keyValues }),
		})
		.partial()
		.refine((value) => Object.keys(value).length <= 1),
);
const keyValues = z.array(z.strictObject({ key: z.string(), value: anyValue }));
const attributes = keyValues.transform((pairs): Attributes => {
	const keys = pairs.map(({ key }) => key);
	if (new Set(keys).size !== keys.length) throw new Error("a key twice");
	return Object.fromEntries(pairs.map(({ key, value }) => [key, plain(value)]));
});

const resource = z.strictObject({ attributes });
const scope = z.strictObject({ name: z.string() });

const span = z.strictObject({
	traceId,
	spanId,
	parentSpanId: spanId.optional(),
	traceState: z.string().optional(),
	flags: z.int().min(0),
	name: z.string().min(1),
	kind: z.int().min(1).max(5),
	startTimeUnixNano: nanoseconds,
	endTimeUnixNano: nanoseconds,
	attributes,
	events: z
		.array(
			z.strictObject({
				name: z.string(),
				timeUnixNano: nanoseconds,
				attributes,
			}),
		)
		.optional(),
	status: z.strictObject({ code: z.int().min(0).max(2) }).optional(),
});
const traces = z.strictObject({
	resourceSpans: z.array(
		z.strictObject({
			resource,
			scopeSpans: z.array(z.strictObject({ scope, spans: z.array(span) })),
		}),
	),
});

const exemplar = z.strictObject({
	traceId,
	spanId,
	timeUnixNano: nanoseconds,
	asDouble: z.number(),
});
const pointFields = {
	attributes,
	startTimeUnixNano: nanoseconds,
	timeUnixNano: nanoseconds,
	exemplars: z.array(exemplar),
};
const delta = z.literal(1);
const metric = z.strictObject({
	name: z.string().min(1),
	unit: z.string().optional(),
	sum: z
		.strictObject({
			aggregationTemporality: delta,
			isMonotonic: z.literal(true),
			dataPoints: z.array(
				z.strictObject({ ...pointFields, asDouble: z.number() }),
			),
		})
		.optional(),
	histogram: z
		.strictObject({
			aggregationTemporality: delta,
			dataPoints: z.array(
				z
					.strictObject({
						...pointFields,
						count: integer,
						sum: z.number(),
						bucketCounts: z.array(integer),
						explicitBounds: z.array(z.number()),
					})
					.refine(
						({ bucketCounts, explicitBounds, count }) =>
							bucketCounts.length === explicitBounds.length + 1 &&
							bucketCounts.reduce((sum, each) => sum + Number(each), 0) ===
								Number(count),
					),
			),
		})
		.optional(),
});
const metrics = z.strictObject({
	resourceMetrics: z.array(
		z.strictObject({
			resource,
			scopeMetrics: z.array(
				z.strictObject({ scope, metrics: z.array(metric) }),
			),
		}),
	),
});

const logRecord = z.strictObject({
	timeUnixNano: nanoseconds,
	severityNumber: z.int().min(1).max(24),
	severityText: z.string(),
	body: anyValue,
	attributes,
	traceId: traceId.optional(),
	spanId: spanId.optional(),
	flags: z.int().optional(),
});
const logs = z.strictObject({
	resourceLogs: z.array(
		z.strictObject({
			resource,
			scopeLogs: z.array(
				z.strictObject({ scope, logRecords: z.array(logRecord) }),
			),
		}),
	),
});

export interface Span extends z.infer<typeof span> {
	readonly resource: Attributes;
}

export function parseSpans(body: string): Span[] {
	return traces.parse(JSON.parse(body)).resourceSpans.flatMap((group) =>
		group.scopeSpans.flatMap(({ spans }) =>
			spans.map((each) => ({
				...each,
				resource: group.resource.attributes,
			})),
		),
	);
}

export interface Point {
	readonly name: string;
	readonly unit: string | undefined;
	readonly kind: "counter" | "histogram";
	readonly resource: Attributes;
	readonly attributes: Attributes;
	readonly start: bigint;
	readonly time: bigint;
	readonly exemplars: readonly z.infer<typeof exemplar>[];
	/** The amount of a counter, the sum of a histogram. */
	readonly value: number;
	/** Of a histogram only. */
	readonly count: number | undefined;
	readonly bounds: readonly number[] | undefined;
}

export function parseMetrics(body: string): Point[] {
	return metrics.parse(JSON.parse(body)).resourceMetrics.flatMap((group) =>
		group.scopeMetrics
			.flatMap((each) => each.metrics)
			.flatMap(({ name, unit, sum, histogram }) => {
				const common = { name, unit, resource: group.resource.attributes };
				const counters = sum?.dataPoints.map((point) => ({
					...common,
					...timesOf(point),
					kind: "counter" as const,
					attributes: point.attributes,
					exemplars: point.exemplars,
					value: point.asDouble,
					count: undefined,
					bounds: undefined,
				}));
				const histograms = histogram?.dataPoints.map((point) => ({
					...common,
					...timesOf(point),
					kind: "histogram" as const,
					attributes: point.attributes,
					exemplars: point.exemplars,
					value: point.sum,
					count: Number(point.count),
					bounds: point.explicitBounds,
				}));
				return [...(counters ?? []), ...(histograms ?? [])];
			}),
	);
}

function timesOf(point: { startTimeUnixNano: string; timeUnixNano: string }) {
	return {
		start: BigInt(point.startTimeUnixNano),
		time: BigInt(point.timeUnixNano),
	};
}

export interface LogRecord extends z.infer<typeof logRecord> {
	readonly text: unknown;
}

export function parseLogs(body: string): LogRecord[] {
	return logs
		.parse(JSON.parse(body))
		.resourceLogs.flatMap((group) =>
			group.scopeLogs
				.flatMap(({ logRecords }) => logRecords)
				.map((record) => ({ ...record, text: plain(record.body) })),
		);
}

function plain(value: Record<string, unknown>): unknown {
	const [[kind, content] = []] = Object.entries(value);
	if (kind === "intValue") return Number(content);
	if (kind === "arrayValue" || kind === "kvlistValue") return content;
	return content;
}
