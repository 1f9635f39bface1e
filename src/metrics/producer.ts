import { type HrTime, ValueType } from "@opentelemetry/api";
import { millisToHrTime } from "@opentelemetry/core";
import { emptyResource } from "@opentelemetry/resources";
import {
	AggregationTemporality,
	type DataPoint,
	DataPointType,
	type MetricData,
	type MetricProducer,
} from "@opentelemetry/sdk-metrics";
import type { Posted, ReadingBoard } from "./board.ts";
import type { Metric } from "./metric.ts";

/**
 * Gives the board's readings to OpenTelemetry's readers.
 *
 * Not by observable instruments: those of the SDK go on reporting a series that is no longer observed, and give every
 * counter the SDK's own start as its start time. A producer is the SDK's way in for values that something else keeps.
 */
export function boardProducer(
	board: ReadingBoard,
	namespace: string,
): MetricProducer {
	return {
		async collect() {
			return {
				resourceMetrics: {
					resource: emptyResource(),
					scopeMetrics: [
						{
							scope: { name: "adult-matching-monitoring" },
							metrics: metricData(board.all(), namespace),
						},
					],
				},
				errors: [],
			};
		},
	};
}

function metricData(posted: readonly Posted[], namespace: string) {
	const byMetric = Map.groupBy(posted, ({ reading }) => reading.metric);
	return [...byMetric].map(([metric, points]) =>
		dataOf(metric, points.map(dataPoint), namespace),
	);
}

function dataOf(
	metric: Metric,
	dataPoints: DataPoint<number>[],
	namespace: string,
): MetricData {
	const common = {
		descriptor: {
			name: `${namespace}_${metric.name}`,
			description: metric.help,
			unit: metric.unit,
			valueType: ValueType.DOUBLE,
		},
		aggregationTemporality: AggregationTemporality.CUMULATIVE,
		dataPoints,
	};
	return metric.kind === "counter"
		? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true }
		: { ...common, dataPointType: DataPointType.GAUGE };
}

function dataPoint({ reading, at }: Posted): DataPoint<number> {
	const endTime: HrTime = millisToHrTime(at);
	return {
		startTime: millisToHrTime(reading.since ?? at),
		endTime,
		attributes: reading.labels,
		value: reading.value,
	};
}
