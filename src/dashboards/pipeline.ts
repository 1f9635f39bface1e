import * as units from "@grafana/grafana-foundation-sdk/units";
import { integrationMetrics } from "../metrics/integration.ts";
import { monitorMetrics } from "../metrics/monitor.ts";
import { firingAlerts } from "./alerts.ts";
import type { Dashboard } from "./dashboard.ts";
import { monitorIsSilent } from "./no-data.ts";
import { graph } from "./panels/graph.ts";
import { stat } from "./panels/stat.ts";
import { timeline } from "./panels/timeline.ts";
import { lately, quantile } from "./rates.ts";
import { largest } from "./records.ts";
import { other, series, top20 } from "./series.ts";
import {
	leastWithin,
	meaningsOfPresence,
	meaningsOfSuccess,
	meaningsOfUp,
	warnings,
} from "./states.ts";

const noCollector = {
	en: "The collector has not been scraped in this time: see docs/pipeline.md.",
	ja: "この期間、コレクターのメトリクスが取得されていません。docs/pipeline.md をご覧ください。",
};
const noPrometheus = {
	en: "Prometheus does not scrape itself: see prometheus/prometheus.yml.",
	ja: "Prometheus が自身のメトリクスを取得していません。prometheus/prometheus.yml をご覧ください。",
};
const noAlertmanager = {
	en: "Alertmanager has not been scraped in this time: see docs/pipeline.md.",
	ja: "この期間、Alertmanager のメトリクスが取得されていません。docs/pipeline.md をご覧ください。",
};

const spans = { en: "spans", ja: "スパン" };
const points = { en: "measurements", ja: "測定値" };
const lines = { en: "log lines", ja: "ログ" };

/** Of each monitor, since its newest check ended. */
const age = `time() - max by (job, instance, host_name) (${series(integrationMetrics.lastCheck)})`;

const signals = [
	["spans", spans],
	["metric_points", points],
	["log_records", lines],
] as const;

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

const storageFailures = [
	[
		"prometheus_tsdb_wal_writes_failed_total",
		{ en: "writing the log", ja: "WAL の書き込み" },
	],
	[
		"prometheus_tsdb_wal_corruptions_total",
		{ en: "broken log", ja: "WAL の破損" },
	],
	[
		"prometheus_tsdb_compactions_failed_total",
		{ en: "compacting", ja: "ブロックの圧縮" },
	],
	[
		"prometheus_tsdb_reloads_failures_total",
		{ en: "loading blocks", ja: "ブロックの読み込み" },
	],
	[
		"prometheus_tsdb_head_truncations_failed_total",
		{ en: "tidying", ja: "ヘッドの整理" },
	],
] as const;

export const pipeline: Dashboard = {
	uid: "pipeline",
	title: { en: "Pipeline", ja: "パイプライン" },
	description: {
		en: "Is the monitoring itself well: the monitor, the collector, Prometheus, Alertmanager and Tempo.",
		ja: "監視そのものの状態です。モニター、コレクター、Prometheus、Alertmanager、Tempo。",
	},
	variables: [],
	panels: [
		stat({
			id: 2,
			title: { en: "The monitor", ja: "モニター" },
			description: {
				en: "How many monitors report, how long ago the one that is furthest behind ended a check, and how many collectors did not read all.",
				ja: "報告中のモニターの数、最新のチェックからの経過時間（最も遅れているモニター）、すべてを読み取れなかったコレクターの数です。",
			},
			noData: monitorIsSilent,
			width: 8,
			height: 5,
			values: [
				{
					expr: `count(${series(monitorMetrics.info)}) or vector(0)`,
					legend: { en: "reporting", ja: "報告中" },
					meanings: meaningsOfPresence,
				},
				{
					expr: `max(${age})`,
					legend: { en: "since a check", ja: "チェックから" },
					unit: units.Seconds,
				},
				{
					expr: `sum(1 - ${series(monitorMetrics.collectorSuccess)})`,
					legend: { en: "not read", ja: "読み取り失敗" },
					count: warnings,
				},
			],
		}),
		firingAlerts({ id: 3, width: 16, height: 5 }, ['component="pipeline"']),
		stat({
			id: 1,
			title: { en: "Parts", ja: "構成要素" },
			description: {
				en: "Whether Prometheus could scrape each part of the stack.",
				ja: "Prometheus が各構成要素のメトリクスを取得できたかどうかです。",
			},
			noData: noPrometheus,
			width: 24,
			height: 3,
			values: [
				{
					expr: `min by (job) (${other("up")})`,
					legend: "{{job}}",
					meanings: meaningsOfUp,
				},
			],
		}),
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
						`sum(increase(${other(`otelcol_receiver_refused_${signal}`)}[5m]))`,
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
		timeline({
			id: 7,
			title: { en: "Reading", ja: "読み取り" },
			description: {
				en: "Whether each collector of the monitor read all that it should: the worst of each point.",
				ja: "モニターの各コレクターが、すべてを読み取れたかどうかです（各時点の最も悪い状態）。",
			},
			noData: monitorIsSilent,
			width: 8,
			height: 8,
			query: {
				expr: leastWithin(monitorMetrics.collectorSuccess, "collector"),
				legend: "{{collector}}",
			},
			meanings: meaningsOfSuccess,
		}),
		graph({
			id: 8,
			title: { en: "Delay of the checks", ja: "チェックの遅れ" },
			description: {
				en: "Time from when a check was due to when it began, and the age of the newest check, the most in each point.",
				ja: "チェックの予定時刻から開始までの時間と、最新のチェックからの経過時間（各時点の最大）です。",
			},
			noData: monitorIsSilent,
			width: 8,
			height: 8,
			recorded: true,
			unit: units.Seconds,
			queries: [
				{
					expr: quantile(0.95, lately, integrationMetrics.checkDelay, ""),
					legend: { en: "delay (95 %)", ja: "遅れ（95 %）" },
				},
				{
					expr: `max by (job, instance, host_name) (${largest("job_instance_host_name:adult_matching_component_last_check_timestamp_seconds:age")})`,
					legend: {
						en: "newest check of {{host_name}}",
						ja: "{{host_name}} の最新のチェック",
					},
				},
			],
		}),
		graph({
			id: 9,
			title: { en: "Telemetry that the monitor sends", ja: "モニターの送信" },
			description: {
				en: "Attempts a second of the monitor to send metrics and traces, by outcome.",
				ja: "モニターがメトリクスとトレースを送信した毎秒の回数です（結果別）。",
			},
			noData: monitorIsSilent,
			width: 8,
			height: 8,
			unit: units.OpsPerSecond,
			queries: [
				{
					expr: `sum by (signal, outcome) (${lately(series(monitorMetrics.exports))})`,
					legend: "{{signal}}: {{outcome}}",
				},
			],
		}),
		graph({
			id: 10,
			title: { en: "Alert rules", ja: "アラートルール" },
			description: {
				en: "Evaluations that failed or were left out within 10 minutes, as the alert counts them, by group.",
				ja: "10 分間に失敗または省略されたルール評価の数です（グループ別、アラートと同じ数え方）。",
			},
			noData: {
				en: "✔ No rule failed or was left out in this time, or Prometheus does not scrape itself: see prometheus/prometheus.yml.",
				ja: "✔ この期間に失敗または省略されたルールはないか、Prometheus が自身のメトリクスを取得していません。prometheus/prometheus.yml をご覧ください。",
			},
			width: 8,
			height: 8,
			unit: units.NoUnit,
			decimals: 0,
			bars: true,
			manyLines: true,
			queries: [
				{
					// A group is called `/folder/file.yaml;group`.
					expr: top20(
						`label_replace(sum by (rule_group) (increase(${other("prometheus_rule_evaluation_failures_total")}[10m]) + increase(${other("prometheus_rule_group_iterations_missed_total")}[10m])) > 0, "name", "$1: $2", "rule_group", ".*/(.+)[.]ya?ml;(.+)")`,
					),
					legend: "{{name}}",
				},
			],
		}),
		graph({
			id: 11,
			title: { en: "Notifications", ja: "通知" },
			description: {
				en: "What Alertmanager tried to deliver and failed to, and what Prometheus could not hand to it, within 10 minutes.",
				ja: "Alertmanager が 10 分間に配信を試みた数と失敗した数、Prometheus が渡せなかった数です。",
			},
			noData: noAlertmanager,
			width: 8,
			height: 8,
			unit: units.NoUnit,
			decimals: 0,
			bars: true,
			queries: [
				{
					expr: `sum(increase(${other("alertmanager_notifications_total")}[10m]))`,
					legend: { en: "tried", ja: "試行" },
				},
				{
					expr: `sum by (integration) (increase(${other("alertmanager_notifications_failed_total")}[10m])) > 0`,
					legend: {
						en: "{{integration}}: failed",
						ja: "{{integration}}: 失敗",
					},
				},
				{
					expr: `sum(increase(${other("prometheus_notifications_errors_total")}[10m]))`,
					legend: { en: "not handed over", ja: "受け渡し失敗" },
				},
			],
		}),
		graph({
			id: 12,
			title: {
				en: "Failures of Prometheus' storage",
				ja: "Prometheus の保存の失敗",
			},
			description: {
				en: "Failures to write its log, to compact, to load or to tidy blocks within an hour, as the alert counts them.",
				ja: "1 時間以内のログ書き込み、圧縮、読み込み、整理の失敗数です（アラートと同じ数え方）。",
			},
			noData: noPrometheus,
			width: 8,
			height: 8,
			unit: units.NoUnit,
			decimals: 0,
			bars: true,
			manyLines: true,
			queries: storageFailures.map(([metric, legend]) => ({
				expr: `sum(increase(${other(metric)}[1h]))`,
				legend,
			})),
		}),
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
				en: "✔ No label value had to become `other`.",
				ja: "✔ `other` にまとめられたラベル値はありません。",
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
	],
};
