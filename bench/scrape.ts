// One scrape of /metrics, beside prom-client's, with the same series, in one run.
// node --expose-gc bench/scrape.ts
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { Gauge, Registry } from "prom-client";
import { ReadingBoard } from "../src/metrics/board.ts";
import { gauge, type Metric } from "../src/metrics/metric.ts";
import { boardProducer } from "../src/metrics/producer.ts";
import { renderPrometheus } from "../src/telemetry/prometheus.ts";
import { median } from "./median.ts";

const perMetric = 20;

function ours(series: number): () => Promise<string> {
	const board = new ReadingBoard(() => {});
	const reader = new PrometheusExporter({
		preventServerStart: true,
		metricProducers: [boardProducer(board, "bench")],
	});
	new MeterProvider({ readers: [reader] });
	board.post(
		"bench",
		everySeries(series).map(([name, device, value]) =>
			gauge(metricNamed(name), value, { device }),
		),
	);
	return async () => renderPrometheus((await reader.collect()).resourceMetrics);
}

function promClient(series: number): () => Promise<string> {
	const registry = new Registry();
	const gauges = new Map<string, Gauge>();
	for (const [name, device, value] of everySeries(series)) {
		const metric =
			gauges.get(name) ??
			new Gauge({
				name: `bench_${name}`,
				help: "A gauge of the benchmark",
				labelNames: ["device"],
				registers: [registry],
			});
		gauges.set(name, metric);
		metric.set({ device }, value);
	}
	return () => registry.metrics();
}

const metrics = new Map<string, Metric>();

function metricNamed(name: string): Metric {
	const metric = metrics.get(name) ?? {
		name,
		kind: "gauge",
		unit: "{thing}",
		help: "A gauge of the benchmark",
		labels: { device: { atMost: perMetric } },
	};
	metrics.set(name, metric);
	return metric;
}

function everySeries(count: number): [string, string, number][] {
	return Array.from({ length: count }, (_, i) => [
		`metric_${Math.floor(i / perMetric)}`,
		`device${i % perMetric}`,
		i * 1.5,
	]);
}

console.log("| series | ours, ms | prom-client, ms | ratio |");
console.log("| --- | --- | --- | --- |");
for (const series of [100, 1000, 10_000]) {
	const both = [ours(series), promClient(series)];
	const times: number[][] = [[], []];
	const rounds = series > 1000 ? 60 : 400;
	for (let round = 0; round < rounds; round++) {
		for (const [i, render] of both.entries()) {
			const begin = performance.now();
			await render();
			// The first rounds warm up the compiler.
			if (round > rounds / 4) times[i]?.push(performance.now() - begin);
		}
	}
	const [a = 0, b = 0] = times.map(median);
	console.log(
		`| ${series} | ${a.toFixed(3)} | ${b.toFixed(3)} | ${(a / b).toFixed(2)} |`,
	);
}
