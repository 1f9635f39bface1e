import * as units from "@grafana/grafana-foundation-sdk/units";
import { noCollector } from "../no-data.ts";
import type { Panel } from "../panels/about.ts";
import { graph } from "../panels/graph.ts";
import { lately } from "../rates.ts";
import { most, other } from "../series.ts";

const spans = { en: "spans", ja: "スパン" };
const points = { en: "measurements", ja: "測定値" };
const lines = { en: "log lines", ja: "ログ" };

const signals = [
	["spans", spans],
	["metric_points", points],
	["log_records", lines],
] as const;

/** What the collector takes, loses and holds back. */
export const collectorPanels: readonly Panel[] = [
	graph({
		id: 4,
		title: { en: "Received", ja: "受信" },
		description: {
			en: "What the collector accepted a second.",
			ja: "コレクターが毎秒受け取った量です。",
		},
		noData: noCollector,
		width: 8,
		height: 8,
		unit: units.CountsPerSecond,
		queries: [
			{
				expr: `sum(${lately(other("otelcol_receiver_accepted_metric_points"))})`,
				legend: points,
			},
			{
				expr: `sum(${lately(other("otelcol_receiver_accepted_spans"))})`,
				legend: spans,
			},
			{
				expr: `sum(${lately(other("otelcol_receiver_accepted_log_records"))})`,
				legend: lines,
			},
		],
	}),
	graph({
		id: 5,
		title: { en: "Refused and lost", ja: "拒否と損失" },
		description: {
			en: "What the collector refused, or accepted and could not hand on, within 5 minutes as the alerts count it.",
			ja: "コレクターが 5 分間に拒否したもの、受け取ったが渡せなかったものです（アラートと同じ数え方）。",
		},
		noData: noCollector,
		width: 8,
		height: 8,
		unit: units.NoUnit,
		decimals: 0,
		bars: true,
		manyLines: true,
		queries: [
			...signals.map(([signal, { en, ja }]) => ({
				expr: orNone(
					most(
						`sum(increase(${other(`otelcol_receiver_refused_${signal}`)}[5m]))`,
					),
				),
				legend: { en: `refused ${en}`, ja: `拒否: ${ja}` },
			})),
			...signals.map(([signal, { en, ja }]) => ({
				expr: orNone(
					`sum(${grown(other(`otelcol_exporter_send_failed_${signal}`))})`,
				),
				legend: { en: `lost ${en}`, ja: `損失: ${ja}` },
			})),
			{
				expr: orNone(
					`sum(${grown(other("otelcol_deltatocumulative_datapoints", 'error!=""'))})`,
				),
				legend: {
					en: "lost counts of edge functions",
					ja: "損失: Edge Function の計数",
				},
			},
		],
	}),
	graph({
		id: 6,
		title: { en: "Queues on disk", ja: "ディスク上のキュー" },
		description: {
			en: "How full the collector's queues to Prometheus and to Tempo are. When one is full, senders are refused.",
			ja: "Prometheus と Tempo へのキューの使用率です。満杯になると送信元は拒否されます。",
		},
		noData: noCollector,
		width: 8,
		height: 8,
		unit: units.PercentUnit,
		decimals: 1,
		max: 1,
		queries: [
			{
				expr: `max by (exporter, data_type) (${other("otelcol_exporter_queue_size")} / ${other("otelcol_exporter_queue_capacity")})`,
				legend: "{{exporter}} {{data_type}}",
			},
		],
	}),
];

/**
 * By what a counter has grown within 5 minutes, as the alert counts it. It is not there until it counts for the first time, which
 * `increase` would not see.
 */
function grown(counter: string): string {
	return `${counter} - (last_over_time(${counter}[1d] offset 5m) <= ${counter} or 0 * ${counter})`;
}

/** 0, as long as the collector says anything. */
function orNone(query: string): string {
	return `${query} or 0 * max(${other("otelcol_exporter_queue_size")})`;
}
