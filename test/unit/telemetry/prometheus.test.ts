import { ValueType } from "@opentelemetry/api";
import {
	AggregationTemporality,
	DataPointType,
	type MetricData,
} from "@opentelemetry/sdk-metrics";
import { describe, expect, test } from "vitest";
import { prometheusName } from "../../../src/telemetry/prometheus.ts";

function metric(name: string, unit: string, kind: string): MetricData {
	const common = {
		descriptor: { name, unit, description: "", valueType: ValueType.DOUBLE },
		aggregationTemporality: AggregationTemporality.CUMULATIVE,
	};
	if (kind === "gauge") {
		return { ...common, dataPointType: DataPointType.GAUGE, dataPoints: [] };
	}
	if (kind === "histogram") {
		return {
			...common,
			dataPointType: DataPointType.HISTOGRAM,
			dataPoints: [],
		};
	}
	return {
		...common,
		dataPointType: DataPointType.SUM,
		dataPoints: [],
		isMonotonic: kind === "counter",
	};
}

describe("names are those that Prometheus' OTLP receiver gives", () => {
	test.each([
		["system.cpu.time", "s", "counter", "system_cpu_time_seconds_total"],
		["ns_reads_total", "{read}", "counter", "ns_reads_total"],
		["ns_cpu_seconds_total", "s", "counter", "ns_cpu_seconds_total"],
		["ns_cpu_percent", "%", "gauge", "ns_cpu_percent"],
		[
			"nodejs.eventloop.utilization",
			"1",
			"gauge",
			"nodejs_eventloop_utilization_ratio",
		],
		["v8js.gc.duration", "s", "histogram", "v8js_gc_duration_seconds"],
		["v8js.memory.heap.used", "By", "gauge", "v8js_memory_heap_used_bytes"],
		[
			"db.client.connection.count",
			"{connection}",
			"updown",
			"db_client_connection_count",
		],
		["throughput", "By/s", "gauge", "throughput_bytes_per_second"],
		["ns_edge_db_duration_ms", "", "histogram", "ns_edge_db_duration_ms"],
		["hits", "1", "counter", "hits_total"],
	])("%s in %s, a %s, is %s", (name, unit, kind, expected) => {
		expect(prometheusName(metric(name, unit, kind))).toBe(expected);
	});
});
