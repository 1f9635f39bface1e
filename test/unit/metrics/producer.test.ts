import { hrTimeToMilliseconds } from "@opentelemetry/core";
import { DataPointType } from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { ReadingBoard } from "../../../src/metrics/board.ts";
import { counter, gauge, type Metric } from "../../../src/metrics/metric.ts";
import { boardProducer } from "../../../src/metrics/producer.ts";

const load: Metric = { name: "load", kind: "gauge", unit: "{load}", help: "h" };
const reads: Metric = {
	name: "reads_total",
	kind: "counter",
	unit: "{read}",
	help: "h",
	labels: { device: { atMost: 9 } },
};

async function collected(board: ReadingBoard) {
	const { resourceMetrics } = await boardProducer(board, "ns").collect();
	return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
}

test("a reading becomes a metric under the namespace", async () => {
	const board = new ReadingBoard(() => {});
	board.post("load", [gauge(load, 1.5)]);
	const [metric] = await collected(board);
	expect(metric?.descriptor.name).toBe("ns_load");
	expect(metric?.dataPointType).toBe(DataPointType.GAUGE);
	expect(metric?.dataPoints.map(({ value }) => value)).toEqual([1.5]);
});

test("a counter begins when it stood at zero, not when the monitor started", async () => {
	const board = new ReadingBoard(() => {});
	board.post("disk", [counter(reads, 7, 1_000_000, { device: "sda" })]);
	const [metric] = await collected(board);
	expect(metric).toMatchObject({
		dataPointType: DataPointType.SUM,
		isMonotonic: true,
	});
	const start = metric?.dataPoints[0]?.startTime;
	expect(start && hrTimeToMilliseconds(start)).toBe(1_000_000);
});

test("a series that is no longer posted is gone at the next collection", async () => {
	const board = new ReadingBoard(() => {});
	board.post("disk", [
		counter(reads, 1, 0, { device: "sda" }),
		counter(reads, 2, 0, { device: "sdb" }),
	]);
	board.post("disk", [counter(reads, 3, 0, { device: "sdb" })]);
	const [metric] = await collected(board);
	expect(metric?.dataPoints.map(({ attributes }) => attributes)).toEqual([
		{ device: "sdb" },
	]);
	board.clear("disk");
	expect(await collected(board)).toEqual([]);
});

test("readings of one metric from several sources are one metric", async () => {
	const board = new ReadingBoard(() => {});
	board.post("a", [counter(reads, 1, 0, { device: "sda" })]);
	board.post("b", [counter(reads, 2, 0, { device: "sdb" })]);
	const metrics = await collected(board);
	expect(metrics).toHaveLength(1);
	expect(metrics[0]?.dataPoints).toHaveLength(2);
});
