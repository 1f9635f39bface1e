import * as units from "@grafana/grafana-foundation-sdk/units";
import { monitorMetrics } from "../../metrics/monitor.ts";
import { noCollector, noPrometheus } from "../no-data.ts";
import type { Panel } from "../panels/about.ts";
import { graph } from "../panels/graph.ts";
import { lately } from "../rates.ts";
import { other, series, top20 } from "../series.ts";

/** What grows without bound, if it does. */
export const growthPanels: readonly Panel[] = [
	graph({
		id: 13,
		title: { en: "Memory", ja: "メモリ" },
		description: {
			en: "What the collector holds in RAM. It refuses at 80 % of its limit.",
			ja: "コレクターの使用メモリです。上限の 80 % で受信を拒否します。",
		},
		noData: noCollector,
		width: 8,
		height: 8,
		unit: units.BytesIEC,
		queries: [
			{
				expr: `max(${other("otelcol_process_memory_rss")})`,
				legend: { en: "collector", ja: "コレクター" },
			},
		],
	}),
	graph({
		id: 14,
		title: { en: "Series", ja: "系列数" },
		description: {
			en: "Time series that Prometheus holds in memory: many new ones are a label that grows.",
			ja: "Prometheus がメモリに保持する系列の数です。急増はラベルの増加を示します。",
		},
		noData: noPrometheus,
		width: 8,
		height: 8,
		unit: units.Short,
		queries: [
			{
				expr: `sum(${other("prometheus_tsdb_head_series")})`,
				legend: { en: "series", ja: "系列" },
			},
		],
	}),
	graph({
		id: 15,
		title: { en: "Values put together", ja: "まとめられたラベル値" },
		description: {
			en: "Label values a second that became `other`, because they were unknown or one too many.",
			ja: "未知または多すぎるために毎秒 `other` にまとめられたラベル値の数です。",
		},
		noData: {
			en: "No label value had to become `other`, or the monitor is silent: see The monitor above.",
			ja: "`other` にまとめられたラベル値はないか、モニターからの報告がありません（上の「モニター」）。",
		},
		width: 8,
		height: 8,
		unit: units.CountsPerSecond,
		manyLines: true,
		queries: [
			{
				expr: top20(
					`sum by (metric, label) (${lately(series(monitorMetrics.labelsFolded))})`,
				),
				legend: "{{metric}} {{label}}",
			},
		],
	}),
];
