import * as units from "@grafana/grafana-foundation-sdk/units";
import { edgeMetrics } from "../metrics/edge.ts";
import { integrationMetrics } from "../metrics/integration.ts";
import { firingAlerts } from "./alerts.ts";
import type { Dashboard } from "./dashboard.ts";
import { levelOf, limitsOf } from "./limits.ts";
import { noEdgeFunction, noTraces } from "./no-data.ts";
import { graph } from "./panels/graph.ts";
import { heatmap } from "./panels/heatmap.ts";
import { stat } from "./panels/stat.ts";
import { table } from "./panels/table.ts";
import { traces } from "./panels/traces.ts";
import {
	edgeFailing,
	edgeFailingOverTime,
	edgeRequestsOverTime,
	latelyAtTheEdge,
	quantile,
	someAtTheEdge,
} from "./rates.ts";
import { allOrChosen, average, largest } from "./records.ts";
import { buckets, ofEnvironment, other, series, top20 } from "./series.ts";
import {
	meaningsOfComponents,
	meaningsOfLevels,
	warnings,
	worstState,
} from "./states.ts";
import { edgeFunction, ofFunction } from "./variables.ts";

const { requests, requestProcessing, telemetryDropped } = edgeMetrics;
const slowest = quantile(
	0.95,
	latelyAtTheEdge,
	requestProcessing,
	"function",
	ofFunction,
);
const counted = (
	metric: typeof requests | typeof telemetryDropped,
	by: string,
) => `sum by (${by}) (increase(${series(metric, ofFunction)}[15m] anchored))`;

const busiest = top20(counted(requests, "function"));

/** The share of the operations that failed, where any did. */
const failedOperations = (kind: "db" | "ml") =>
	largest(
		`function_operation:adult_matching_edge_${kind}_operation_errors_per_operations:ratio_rate15m`,
		ofFunction,
	);

/**
 * What the chosen functions answered, as the collector counts it from their traces: it leads to single ones. Of what functions count
 * themselves, the collector keeps the first that each series led to, and no later ones.
 */
const answered = other(
	"traces_span_metrics_duration_seconds_bucket",
	ofEnvironment,
	'faas_name=~"$function"',
	'faas_name!=""',
	'span_kind="SPAN_KIND_SERVER"',
);

export const edgeFunctions: Dashboard = {
	uid: "edge-functions",
	title: { en: "Edge functions", ja: "Edge Functions" },
	description: {
		en: "What edge functions say of themselves, always over 15 minutes: rate, errors, duration, cold starts, what was dropped, and traces.",
		ja: "Edge Function 自身の報告です（常に 15 分間の値）。リクエスト数、エラー、所要時間、コールドスタート、破棄されたテレメトリ、トレース。",
	},
	variables: [edgeFunction],
	panels: [
		stat({
			id: 1,
			title: { en: "Now", ja: "現在の状態" },
			description: {
				en: "The worst of the probes, and the worst function's errors and duration beside the limits of alert_thresholds.",
				ja: "プローブの最も悪い状態と、最も悪い関数のエラーと所要時間（alert_thresholds との比較）です。",
			},
			noData: noEdgeFunction,
			width: 9,
			height: 5,
			values: [
				{
					expr: worstState(
						integrationMetrics.componentState,
						"",
						'group="edge_functions"',
					),
					legend: { en: "probes", ja: "プローブ" },
					meanings: meaningsOfComponents,
				},
				{
					expr: levelOf(
						`max(${edgeFailing("function", ofFunction)})`,
						"error_rate",
					),
					legend: { en: "errors", ja: "エラー" },
					meanings: meaningsOfLevels,
				},
				{
					expr: levelOf(`max(${slowest})`, "response_time"),
					legend: { en: "duration", ja: "所要時間" },
					meanings: meaningsOfLevels,
				},
			],
		}),
		stat({
			id: 2,
			title: { en: "Dropped", ja: "破棄" },
			description: {
				en: "Spans, log lines and measurements that functions gave up within 15 minutes.",
				ja: "関数が 15 分間に破棄したスパン、ログ、測定値の数です。",
			},
			noData: noEdgeFunction,
			width: 3,
			height: 5,
			values: [
				{
					expr: `${counted(telemetryDropped, "")} or 0 * ${counted(requests, "")}`,
					legend: { en: "in 15 minutes", ja: "15 分間" },
					count: warnings,
				},
			],
		}),
		firingAlerts({ id: 3, width: 12, height: 5 }, [
			'component="edge"',
			'group="edge_functions"',
		]),
		graph({
			id: 4,
			title: { en: "Requests", ja: "リクエスト" },
			description: {
				en: "Requests a second, by function: the 20 busiest.",
				ja: "関数ごとの毎秒のリクエスト数です（上位 20 件）。",
			},
			noData: noEdgeFunction,
			width: 8,
			height: 8,
			recorded: true,
			unit: units.RequestsPerSecond,
			manyLines: true,
			queries: [
				{
					expr: top20(edgeRequestsOverTime(ofFunction)),
					legend: "{{function}}",
				},
			],
		}),
		graph({
			id: 5,
			title: { en: "Failed requests", ja: "失敗したリクエスト" },
			description: {
				en: "Share of the requests that were answered with 5xx, in the worst 15 minutes of each point, by function: the 20 worst.",
				ja: "5xx で応答したリクエストの割合です（各時点で最も悪い 15 分間、上位 20 関数）。",
			},
			noData: noEdgeFunction,
			width: 8,
			height: 8,
			recorded: true,
			unit: units.Percent,
			manyLines: true,
			queries: [
				{
					expr: top20(edgeFailingOverTime(ofFunction)),
					legend: "{{function}}",
				},
			],
			limits: limitsOf("error_rate", someAtTheEdge(ofFunction)),
		}),
		graph({
			id: 6,
			title: { en: "Response times", ja: "応答時間" },
			description: {
				en: "95 of 100 requests to a function were answered within this, in the worst 15 minutes of each point: the 20 slowest. Dots are single requests, each leads to its trace.",
				ja: "関数ごとの 95 パーセンタイルです（各時点で最も遅い 15 分間、上位 20 件）。点は個々のリクエストで、トレースを開けます。",
			},
			noData: noEdgeFunction,
			width: 8,
			height: 8,
			recorded: true,
			unit: units.Seconds,
			exemplars: answered,
			manyLines: true,
			queries: [
				{
					expr: top20(
						`max by (function) (${largest("function:adult_matching_edge_request_processing_duration_ms:p95_15m", ofFunction)}) / 1000`,
					),
					legend: "{{function}}",
				},
			],
			limits: limitsOf("response_time", someAtTheEdge(ofFunction), 1000),
		}),
		heatmap({
			id: 7,
			title: {
				en: "Distribution of response times",
				ja: "応答時間の分布",
			},
			description: {
				en: "How many requests a second took how long.",
				ja: "所要時間別の毎秒のリクエスト数です。",
			},
			noData: noEdgeFunction,
			width: 12,
			height: 9,
			recorded: true,
			unit: units.Milliseconds,
			buckets: `sum by (le) (${allOrChosen(
				"function",
				(isAll) =>
					average(
						"le:adult_matching_edge_request_processing_duration_ms_bucket:rate15m",
						isAll,
					),
				(isChoice) =>
					latelyAtTheEdge(buckets(requestProcessing, ofFunction, isChoice)),
			)})`,
		}),
		table({
			id: 8,
			title: { en: "Functions", ja: "関数一覧" },
			description: {
				en: "Over the 15 minutes at the end of the time shown: the 20 busiest.",
				ja: "表示期間の終わりの 15 分間の値です（上位 20 件）。",
			},
			noData: noEdgeFunction,
			width: 12,
			height: 9,
			columns: [
				{ label: "function", title: { en: "Function", ja: "関数" } },
				{
					expr: busiest,
					title: { en: "Requests", ja: "リクエスト" },
					width: 120,
					first: "largest",
				},
				{
					expr: `${edgeFailing("function", ofFunction)} and on (function) ${busiest}`,
					title: { en: "Failed", ja: "失敗率" },
					unit: units.Percent,
					decimals: 2,
					width: 85,
				},
				{
					expr: `${slowest} and on (function) ${busiest}`,
					title: { en: "95 % within", ja: "p95" },
					unit: units.Milliseconds,
					width: 105,
				},
			],
		}),
		graph({
			id: 9,
			title: { en: "Errors by kind", ja: "エラーの種類" },
			description: {
				en: "Errors a second in the worst 15 minutes of each point, by function and kind: the 20 most frequent.",
				ja: "関数と種類ごとの毎秒のエラー数です（各時点で最も多い 15 分間、上位 20 件）。",
			},
			noData: {
				en: "No error in this time, or no edge function has reported: see Requests.",
				ja: "この期間のエラーはないか、Edge Function からの報告がありません（「リクエスト」をご覧ください）。",
			},
			width: 8,
			height: 8,
			recorded: true,
			unit: units.CountsPerSecond,
			manyLines: true,
			queries: [
				{
					expr: top20(
						`max by (function, error_type) (${largest("function_error_type:adult_matching_edge_errors:rate15m", ofFunction)})`,
					),
					legend: "{{function}}: {{error_type}}",
				},
			],
		}),
		graph({
			id: 10,
			title: { en: "Failed operations", ja: "失敗した処理" },
			description: {
				en: "Share of the database and model operations that failed, even if the function still answered 200, in the worst 15 minutes of each point: the 20 worst of each.",
				ja: "データベースとモデルの処理のうち失敗した割合です。関数が 200 で応答した場合も含みます（各時点で最も悪い 15 分間、それぞれ上位 20 件）。",
			},
			noData: {
				en: "No operation failed in this time, or no edge function has reported: see Requests.",
				ja: "この期間に失敗した処理はないか、Edge Function からの報告がありません（「リクエスト」をご覧ください）。",
			},
			width: 8,
			height: 8,
			recorded: true,
			unit: units.Percent,
			manyLines: true,
			queries: [failedOperations("db"), failedOperations("ml")].map(
				(failed) => ({
					expr: top20(`100 * max by (function, operation) (${failed})`),
					legend: "{{function}}: {{operation}}",
				}),
			),
			limits: limitsOf(
				"error_rate",
				`${failedOperations("db")} or ${failedOperations("ml")}`,
			),
		}),
		graph({
			id: 11,
			title: { en: "Dropped telemetry", ja: "破棄されたテレメトリ" },
			description: {
				en: "What functions gave up within 15 minutes, the most in each point: the queue was full, the collector refused it, or it isn't known whether it arrived.",
				ja: "関数が 15 分間に破棄したものです（各時点の最大）。キューの溢れ、コレクターの拒否、または到達の不明によります。",
			},
			noData: {
				en: "Nothing was dropped in this time, or no edge function has reported: see Requests.",
				ja: "この期間に破棄されたものはないか、Edge Function からの報告がありません（「リクエスト」をご覧ください）。",
			},
			width: 8,
			height: 8,
			recorded: true,
			unit: units.NoUnit,
			decimals: 0,
			bars: true,
			manyLines: true,
			queries: [
				{
					expr: top20(
						`max by (function, signal, reason) (${largest("function_signal_reason:adult_matching_edge_telemetry_dropped:increase15m", ofFunction)})`,
					),
					legend: "{{function}}: {{signal}}, {{reason}}",
				},
			],
		}),
		traces({
			id: 12,
			title: { en: "Latest traces", ja: "最新のトレース" },
			description: {
				en: "The newest requests to the chosen functions.",
				ja: "選択した関数への最新のリクエストです。",
			},
			noData: noTraces,
			width: 12,
			height: 9,
			traceql: '{ resource.faas.name =~ "$function" && kind = server }',
		}),
		traces({
			id: 13,
			title: { en: "Cold starts", ja: "コールドスタート" },
			description: {
				en: "The newest requests that had to wait for an isolate to start.",
				ja: "アイソレートの起動を待った最新のリクエストです。",
			},
			noData: {
				en: "No cold start has been traced in this time.",
				ja: "この期間に記録されたコールドスタートはありません。",
			},
			width: 12,
			height: 9,
			traceql:
				'{ resource.faas.name =~ "$function" && span.faas.coldstart = true }',
		}),
	],
};
