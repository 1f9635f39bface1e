import * as units from "@grafana/grafana-foundation-sdk/units";
import { hostMetrics } from "../metrics/host.ts";
import { integrationMetrics } from "../metrics/integration.ts";
import { monitorMetrics } from "../metrics/monitor.ts";
import { postgresMetrics } from "../metrics/postgres.ts";
import { alertCounts, firingAlerts } from "./alerts.ts";
import type { Dashboard } from "./dashboard.ts";
import { limitsOf } from "./limits.ts";
import {
	monitorIsSilent,
	noDatabase,
	noRequests,
	orSilent,
} from "./no-data.ts";
import { graph } from "./panels/graph.ts";
import { stat } from "./panels/stat.ts";
import { timeline } from "./panels/timeline.ts";
import {
	edgeFailingOverTime,
	edgeRequestsOverTime,
	failingOverTime,
	lately,
	requestsOverTime,
	someAtTheEdge,
	someRequests,
} from "./rates.ts";
import { most, series, top20, within } from "./series.ts";
import {
	leastWithin,
	meaningsOfComponents,
	meaningsOfTheSystem,
	meaningsOfUp,
	worstState,
	worstSystemState,
} from "./states.ts";

export const systemOverview: Dashboard = {
	uid: "system-overview",
	title: { en: "System overview", ja: "システム概要" },
	description: {
		en: "Is anything wrong, and where: the machine, its Postgres, and all that is checked.",
		ja: "異常の有無とその場所を示します。マシン、Postgres、すべてのチェック対象が含まれます。",
	},
	variables: [],
	panels: [
		stat({
			id: 1,
			title: { en: "Now", ja: "現在の状態" },
			description: {
				en: "The machine by the limits of alert_thresholds, the components by their checks, and Postgres: the worst of each.",
				ja: "alert_thresholds に照らしたマシン、チェックによるコンポーネント、Postgres の、それぞれ最も悪い状態です。",
			},
			noData: monitorIsSilent,
			width: 9,
			height: 5,
			values: [
				{
					expr: worstSystemState(monitorMetrics.systemState),
					legend: { en: "system", ja: "システム" },
					meanings: meaningsOfTheSystem,
				},
				{
					expr: worstState(integrationMetrics.overallState),
					legend: { en: "components", ja: "コンポーネント" },
					meanings: meaningsOfComponents,
				},
				{
					expr: `min(${series(postgresMetrics.up)})`,
					legend: { en: "Postgres", ja: "Postgres" },
					meanings: meaningsOfUp,
				},
			],
		}),
		alertCounts({ id: 2, width: 5, height: 5 }),
		firingAlerts({ id: 3, width: 10, height: 5 }),
		graph({
			id: 4,
			title: { en: "CPU", ja: "CPU" },
			description: {
				en: "Share of the CPU time available to the machine or container that was used, on average within each point. The alert takes the average of 5 minutes.",
				ja: "マシンまたはコンテナが利用できる CPU 時間のうち使用された割合です（各時点の平均）。アラートは 5 分間の平均で判定します。",
			},
			noData: monitorIsSilent,
			width: 8,
			height: 8,
			unit: units.Percent,
			max: 100,
			queries: [
				{
					expr: within("avg", series(hostMetrics.cpuPercent)),
					legend: "{{host_name}}",
				},
			],
			limits: limitsOf("cpu"),
		}),
		graph({
			id: 5,
			title: { en: "Memory", ja: "メモリ" },
			description: {
				en: "Share of the memory that is not available to a new program: the most in each point.",
				ja: "新しいプログラムが利用できないメモリの割合です（各時点の最大）。",
			},
			noData: monitorIsSilent,
			width: 8,
			height: 8,
			unit: units.Percent,
			max: 100,
			queries: [
				{
					expr: within("max", series(hostMetrics.memoryPercent)),
					legend: "{{host_name}}",
				},
			],
			limits: limitsOf("memory"),
		}),
		graph({
			id: 6,
			title: { en: "Disks", ja: "ディスク" },
			description: {
				en: "How full the file systems that can be written to are: the 20 fullest.",
				ja: "書き込み可能なファイルシステムの使用率です（上位 20 件）。",
			},
			noData: monitorIsSilent,
			width: 8,
			height: 8,
			unit: units.Percent,
			max: 100,
			queries: [
				{
					expr: top20(within("max", series(hostMetrics.filesystemPercent))),
					legend: "{{host_name}} {{mountpoint}}",
				},
			],
			limits: limitsOf("disk"),
		}),
		graph({
			id: 7,
			title: { en: "Database connections", ja: "データベース接続数" },
			description: {
				en: "Connections of clients, the most in each point, and how many there may be without those reserved for superusers.",
				ja: "クライアントの接続数（各時点の最大）と、スーパーユーザー用の予約を除いた上限です。",
			},
			noData: noDatabase,
			width: 8,
			height: 8,
			unit: units.NoUnit,
			decimals: 0,
			queries: [
				{
					expr: within("max", series(postgresMetrics.connections)),
					legend: {
						en: "connections ({{host_name}})",
						ja: "接続数 ({{host_name}})",
					},
				},
				{
					expr: `${series(postgresMetrics.connectionsMax)} - ${series(postgresMetrics.connectionsReserved)}`,
					legend: { en: "allowed ({{host_name}})", ja: "上限 ({{host_name}})" },
				},
			],
		}),
		graph({
			id: 8,
			title: { en: "Requests", ja: "リクエスト" },
			description: {
				en: "Requests a second, by backend and by edge function (these over 15 minutes): the 20 busiest of each.",
				ja: "バックエンドごと、Edge Function ごと（15 分間）の毎秒のリクエスト数です（それぞれ上位 20 件）。",
			},
			noData: noRequests,
			width: 8,
			height: 8,
			recorded: true,
			unit: units.RequestsPerSecond,
			manyLines: true,
			queries: [
				{ expr: top20(requestsOverTime("job")), legend: "{{job}}" },
				{
					expr: top20(edgeRequestsOverTime()),
					legend: "{{function}}",
				},
			],
		}),
		graph({
			id: 9,
			title: { en: "Failed requests", ja: "失敗したリクエスト" },
			description: {
				en: "Share of the requests that were answered with 5xx, by backend and by edge function (these in the worst 15 minutes of each point): the 20 worst of each.",
				ja: "5xx で応答したリクエストの割合です。バックエンドごと、Edge Function ごと（各時点で最も悪い 15 分間）の、それぞれ上位 20 件です。",
			},
			noData: noRequests,
			width: 8,
			height: 8,
			recorded: true,
			unit: units.Percent,
			manyLines: true,
			queries: [
				{ expr: top20(failingOverTime("job")), legend: "{{job}}" },
				{
					expr: top20(edgeFailingOverTime()),
					legend: "{{function}}",
				},
			],
			limits: limitsOf(
				"error_rate",
				`${someRequests()} or on () ${someAtTheEdge()}`,
			),
		}),
		graph({
			id: 10,
			title: { en: "Pressure", ja: "リソース待ち" },
			description: {
				en: "Share of the time in which everything that had work waited for memory or a disk, or something waited for a CPU.",
				ja: "実行すべき処理のすべてがメモリまたはディスクを待っていた時間、あるいは一部が CPU を待っていた時間の割合です。",
			},
			noData: monitorIsSilent,
			width: 6,
			height: 7,
			unit: units.PercentUnit,
			decimals: 1,
			queries: [
				{
					expr: lately(
						series(hostMetrics.pressureStalled, 'resource=~"memory|io"'),
					),
					legend: "{{host_name}}: {{resource}}",
				},
				{
					expr: lately(series(hostMetrics.pressureWaiting, 'resource="cpu"')),
					legend: "{{host_name}}: {{resource}}",
				},
			],
		}),
		graph({
			id: 11,
			title: { en: "Killed for memory", ja: "メモリ不足による強制終了" },
			description: {
				en: "Processes that the kernel killed within 15 minutes because memory ran out, as the alert counts them: the most in each point.",
				ja: "メモリ不足のためカーネルが 15 分間に強制終了したプロセス数です（アラートと同じ数え方、各時点の最大）。",
			},
			noData: monitorIsSilent,
			width: 6,
			height: 7,
			unit: units.NoUnit,
			decimals: 0,
			bars: true,
			queries: [
				{
					expr: most(`increase(${series(hostMetrics.oomKills)}[15m])`),
					legend: "{{host_name}}",
				},
			],
		}),
		graph({
			id: 12,
			title: { en: "Open files", ja: "オープン中のファイル" },
			description: {
				en: "Share of the files that all processes together may hold open.",
				ja: "全プロセスが同時に開けるファイル数に対する割合です。",
			},
			noData: monitorIsSilent,
			width: 6,
			height: 7,
			unit: units.PercentUnit,
			decimals: 1,
			max: 1,
			queries: [
				{
					expr: `${within("max", series(hostMetrics.openFiles))} / ${series(hostMetrics.openFilesLimit)}`,
					legend: "{{host_name}}",
				},
			],
		}),
		timeline({
			id: 13,
			title: { en: "Processes", ja: "プロセス" },
			description: {
				en: "Whether a process matches each pattern of `processes`: the worst of each point.",
				ja: "`processes` の各パターンに一致するプロセスがあるかどうかです（各時点の最も悪い状態）。",
			},
			noData: orSilent({
				en: "No process is configured: see `processes` in docs/configuration.md.",
				ja: "プロセスが設定されていません（docs/configuration.md の `processes`）。",
			}),
			width: 6,
			height: 7,
			query: {
				expr: leastWithin(hostMetrics.processUp, "host_name, process"),
				legend: "{{host_name}}: {{process}}",
			},
			meanings: meaningsOfUp,
		}),
	],
};
