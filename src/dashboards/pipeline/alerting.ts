import * as units from "@grafana/grafana-foundation-sdk/units";
import { noAlertmanager, noPrometheus } from "../no-data.ts";
import type { Panel } from "../panels/about.ts";
import { graph } from "../panels/graph.ts";
import { most, other, top20 } from "../series.ts";

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

/** Rules, notifications, and what Prometheus stores. */
export const alertingPanels: readonly Panel[] = [
	graph({
		id: 10,
		title: { en: "Alert rules", ja: "アラートルール" },
		description: {
			en: "Evaluations that failed or were left out within 10 minutes, as the alert counts them, by group: the most in each point.",
			ja: "10 分間に失敗または省略されたルール評価の数です（グループ別、アラートと同じ数え方、各時点の最大）。",
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
					`label_replace(${most(`sum by (rule_group) (increase(${other("prometheus_rule_evaluation_failures_total")}[10m]) + increase(${other("prometheus_rule_group_iterations_missed_total")}[10m]))`)} > 0, "name", "$1: $2", "rule_group", ".*/(.+)[.]ya?ml;(.+)")`,
				),
				legend: "{{name}}",
			},
		],
	}),
	graph({
		id: 11,
		title: { en: "Notifications", ja: "通知" },
		description: {
			en: "What Alertmanager tried to deliver and failed to, and what Prometheus could not hand to it, within 10 minutes: the most in each point.",
			ja: "Alertmanager が 10 分間に配信を試みた数と失敗した数、Prometheus が渡せなかった数です（各時点の最大）。",
		},
		noData: noAlertmanager,
		width: 8,
		height: 8,
		unit: units.NoUnit,
		decimals: 0,
		bars: true,
		queries: [
			{
				expr: most(
					`sum(increase(${other("alertmanager_notifications_total")}[10m]))`,
				),
				legend: { en: "tried", ja: "試行" },
			},
			{
				expr: `${most(`sum by (integration) (increase(${other("alertmanager_notifications_failed_total")}[10m]))`)} > 0`,
				legend: {
					en: "{{integration}}: failed",
					ja: "{{integration}}: 失敗",
				},
			},
			{
				expr: most(
					`sum(increase(${other("prometheus_notifications_errors_total")}[10m]))`,
				),
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
			en: "Failures to write its log, to compact, to load or to tidy blocks within an hour, as the alert counts them: the most in each point.",
			ja: "1 時間以内のログ書き込み、圧縮、読み込み、整理の失敗数です（アラートと同じ数え方、各時点の最大）。",
		},
		noData: noPrometheus,
		width: 8,
		height: 8,
		unit: units.NoUnit,
		decimals: 0,
		bars: true,
		manyLines: true,
		queries: storageFailures.map(([metric, legend]) => ({
			expr: most(`sum(increase(${other(metric)}[1h]))`),
			legend,
		})),
	}),
];
