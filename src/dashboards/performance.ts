import * as units from "@grafana/grafana-foundation-sdk/units";
import { applicationMetrics } from "../metrics/application.ts";
import { measurementMetrics } from "../metrics/measurement.ts";
import { recommenderMetrics } from "../metrics/recommender.ts";
import { firingAlerts } from "./alerts.ts";
import type { Dashboard } from "./dashboard.ts";
import { levelOf, limitsOf } from "./limits.ts";
import { noRecommender, noRequests, noTraces } from "./no-data.ts";
import { graph } from "./panels/graph.ts";
import { heatmap } from "./panels/heatmap.ts";
import { stat } from "./panels/stat.ts";
import { table } from "./panels/table.ts";
import { serviceGraph, traces } from "./panels/traces.ts";
import {
	failing,
	failingOverTime,
	lately,
	percentOf,
	quantile,
	quantileOf,
	requests,
	requestsOverTime,
} from "./rates.ts";
import { allOrChosen, average } from "./records.ts";
import { buckets, ofEnvironment, other, series, top20 } from "./series.ts";
import { meaningsOfLevels, warnings } from "./states.ts";
import { endpoint, ofEndpoint, ofService, service } from "./variables.ts";

const { requestDuration, recommendationLatency } = applicationMetrics;
const chosen = [ofService, ofEndpoint];
const slowest = quantile(0.95, lately, requestDuration, "job", ...chosen);

/** Percentiles of the chosen services together. */
const within = (share: number) =>
	`histogram_quantile(${share}, sum by (le) (${allOrChosen(
		"endpoint",
		(isAll) =>
			average(
				"job_le:adult_matching_request_duration_seconds_bucket:rate2m",
				ofService,
				isAll,
			),
		(isChoice) => lately(buckets(requestDuration, ...chosen, isChoice)),
	)}))`;

/** What the chosen services answered, as the collector counts it from their traces: these lead to single traces. */
const answered = (...matchers: string[]) =>
	other(
		"traces_span_metrics_duration_seconds_bucket",
		ofEnvironment,
		ofService,
		'span_kind="SPAN_KIND_SERVER"',
		...matchers,
	);
const answeredByDuration = `sum by (le) (${allOrChosen(
	"service",
	(isAll) =>
		average("le:traces_span_metrics_duration_seconds_bucket:rate2m", isAll),
	(isChoice) => lately(answered(isChoice)),
)})`;
const calls = "client, server";
const allCalls = `sum by (${calls}) (${lately(other("traces_service_graph_request_total"))})`;
const failedCalls = `sum by (${calls}) (${lately(other("traces_service_graph_request_failed_total"))})`;

export const performance: Dashboard = {
	uid: "performance",
	title: { en: "Performance", ja: "パフォーマンス" },
	description: {
		en: "How much the backends do, how fast and how rightly, who calls whom, and how good the recommender is.",
		ja: "バックエンドの処理量・速さ・正確さ、サービス間の呼び出し、レコメンダーの品質です。",
	},
	variables: [service, endpoint],
	panels: [
		stat({
			id: 1,
			title: { en: "Requests now", ja: "現在のリクエスト" },
			description: {
				en: "The worst service's share of 5xx and 95th percentile of its duration, beside the limits of alert_thresholds.",
				ja: "最も悪いサービスの 5xx の割合と所要時間の 95 パーセンタイルを、alert_thresholds のしきい値と比べています。",
			},
			noData: noRequests,
			width: 10,
			height: 5,
			values: [
				{
					expr: levelOf(`max(${failing("job", ...chosen)})`, "error_rate"),
					legend: { en: "errors", ja: "エラー" },
					meanings: meaningsOfLevels,
				},
				{
					expr: `max(${failing("job", ...chosen)})`,
					legend: { en: "failed", ja: "失敗率" },
					unit: units.Percent,
					decimals: 2,
				},
				{
					expr: levelOf(`max(${slowest})`, "response_time", 1000),
					legend: { en: "duration", ja: "所要時間" },
					meanings: meaningsOfLevels,
				},
				{
					expr: `max(${slowest})`,
					legend: { en: "95 % within", ja: "p95" },
					unit: units.Seconds,
					decimals: 1,
				},
			],
		}),
		stat({
			id: 2,
			title: { en: "Recommender now", ja: "現在のレコメンダー" },
			description: {
				en: "How long ago the model in use was trained, and how many measurements find no value.",
				ja: "使用中のモデルの学習からの経過時間と、値を得られない測定の数です。",
			},
			noData: noRecommender,
			width: 5,
			height: 5,
			values: [
				{
					expr: `max(${series(recommenderMetrics.modelAge)})`,
					legend: { en: "model's age", ja: "学習から" },
					unit: units.Seconds,
					decimals: 1,
				},
				{
					expr: `sum(1 - ${series(measurementMetrics.success)})`,
					legend: { en: "not measured", ja: "測定失敗" },
					count: warnings,
				},
			],
		}),
		firingAlerts({ id: 3, width: 9, height: 5 }, [
			'component=~"api|recommender"',
		]),
		graph({
			id: 4,
			title: { en: "Throughput", ja: "スループット" },
			description: {
				en: "Requests a second that were answered, by service and endpoint: the 20 busiest.",
				ja: "サービスとエンドポイントごとの毎秒のリクエスト数です（上位 20 件）。",
			},
			noData: noRequests,
			width: 8,
			height: 8,
			recorded: true,
			unit: units.RequestsPerSecond,
			manyLines: true,
			queries: [
				{
					expr: top20(requestsOverTime("job, endpoint", ...chosen)),
					legend: "{{job}} {{endpoint}}",
				},
			],
		}),
		graph({
			id: 5,
			title: { en: "Failed requests", ja: "失敗したリクエスト" },
			description: {
				en: "Share of the requests that were answered with 5xx: the 20 worst services.",
				ja: "5xx で応答したリクエストの割合です（上位 20 サービス）。",
			},
			noData: noRequests,
			width: 8,
			height: 8,
			recorded: true,
			unit: units.Percent,
			manyLines: true,
			queries: [
				{
					expr: top20(failingOverTime("job", ...chosen)),
					legend: "{{job}}",
				},
			],
			limits: limitsOf("error_rate"),
		}),
		graph({
			id: 6,
			title: { en: "Error budget", ja: "エラーバジェット" },
			description: {
				en: "How many times faster than the objective allows errors, and slow answers, use up their budget over an hour. At 14.4 a month's budget is gone in two days.",
				ja: "1 時間のエラーと遅い応答が、目標の許す何倍の速さでバジェットを消費しているかです。14.4 倍では 1 か月分が 2 日でなくなります。",
			},
			noData: noRequests,
			width: 8,
			height: 8,
			recorded: true,
			unit: units.NoUnit,
			softMax: 1,
			manyLines: true,
			queries: [
				{
					expr: burn("adult_matching:api_error_budget", "errors"),
					legend: { en: "{{job}}: errors", ja: "{{job}}: エラー" },
				},
				{
					expr: burn("adult_matching:api_latency_budget", "slow"),
					legend: { en: "{{job}}: slow", ja: "{{job}}: 遅延" },
				},
			],
		}),
		graph({
			id: 7,
			title: { en: "Response times", ja: "応答時間" },
			description: {
				en: "Percentiles of the chosen services together; by the traces, All is the edge functions too. Dots are single requests, each leads to its trace; recommendations are those of `duration_of`.",
				ja: "選択したサービス全体のパーセンタイルです（トレースの値は All のとき Edge Function も含みます）。点は個々のリクエストで、トレースを開けます。レコメンドは `duration_of` の測定です。",
			},
			noData: noRequests,
			width: 12,
			height: 9,
			recorded: true,
			unit: units.Seconds,
			exemplars: answered(),
			manyLines: true,
			queries: [
				{ expr: within(0.5), legend: { en: "50 %", ja: "50 %" } },
				{ expr: within(0.95), legend: { en: "95 %", ja: "95 %" } },
				{ expr: within(0.99), legend: { en: "99 %", ja: "99 %" } },
				{
					expr: `histogram_quantile(0.95, ${answeredByDuration})`,
					legend: { en: "95 % by the traces", ja: "95 %（トレース）" },
				},
				{
					expr: quantile(0.95, lately, recommendationLatency, ""),
					legend: { en: "95 % of recommendations", ja: "95 %（レコメンド）" },
				},
			],
			limits: limitsOf("response_time", 1000),
		}),
		heatmap({
			id: 8,
			title: {
				en: "Distribution of response times",
				ja: "応答時間の分布",
			},
			description: {
				en: "How many requests a second took how long, by the traces of the chosen services (All is the edge functions too). Dots are single requests, each leads to its trace.",
				ja: "選択したサービスのトレースによる、所要時間別の毎秒のリクエスト数です（All のとき Edge Function も含みます）。点は個々のリクエストで、トレースを開けます。",
			},
			noData: noTraces,
			width: 12,
			height: 9,
			recorded: true,
			unit: units.Seconds,
			buckets: answeredByDuration,
			exemplars: answered(),
		}),
		table({
			id: 9,
			title: { en: "Endpoints", ja: "エンドポイント" },
			description: {
				en: "At the end of the time shown: the 20 busiest.",
				ja: "表示期間の終わりの値です（上位 20 件）。",
			},
			noData: noRequests,
			width: 12,
			height: 9,
			columns: [
				{ label: "job", title: { en: "Service", ja: "サービス" } },
				{ label: "endpoint", title: { en: "Endpoint", ja: "エンドポイント" } },
				{
					expr: top20(requests("job, endpoint", ...chosen)),
					title: { en: "Requests", ja: "リクエスト" },
					unit: units.RequestsPerSecond,
					decimals: 2,
					width: 120,
					first: "largest",
				},
				{
					expr: failing("job, endpoint", ...chosen),
					title: { en: "Failed", ja: "失敗率" },
					unit: units.Percent,
					decimals: 2,
					width: 85,
				},
				{
					expr: quantile(
						0.95,
						lately,
						requestDuration,
						"job, endpoint",
						...chosen,
					),
					title: { en: "95 % within", ja: "p95" },
					unit: units.Seconds,
					decimals: 1,
					width: 105,
				},
			],
		}),
		traces({
			id: 10,
			title: {
				en: "Slow or failed requests",
				ja: "遅い・失敗したリクエスト",
			},
			description: {
				en: "The newest traces of the chosen services with an error, or of half a second and more.",
				ja: "選択したサービスの、エラーまたは 0.5 秒以上のリクエストの最新のトレースです。",
			},
			noData: {
				en: "✔ No request failed or took half a second in this time, or there are no traces: see docs/pipeline.md.",
				ja: "✔ この期間に失敗または 0.5 秒以上のリクエストがないか、トレースがありません。docs/pipeline.md をご覧ください。",
			},
			width: 12,
			height: 9,
			traceql:
				'{ resource.service.name =~ "$service" && kind = server && (status = error || duration >= 500ms) }',
		}),
		serviceGraph({
			id: 11,
			title: { en: "Who calls whom", ja: "サービス間の呼び出し" },
			description: {
				en: "Edge functions, backends and the database, by their traces, whatever is chosen above.",
				ja: "トレースによる Edge Function、バックエンド、データベースの関係です（上部の選択によらず全体）。",
			},
			noData: noTraces,
			width: 24,
			height: 10,
		}),
		table({
			id: 12,
			title: { en: "Calls between services", ja: "サービス間の呼び出し一覧" },
			description: {
				en: "At the end of the time shown, by the traces, whatever is chosen above: the 20 busiest.",
				ja: "表示期間の終わりの、トレースによる値です（上部の選択によらず、上位 20 件）。",
			},
			noData: noTraces,
			width: 24,
			height: 8,
			columns: [
				{ label: "client", title: { en: "From", ja: "呼び出し元" } },
				{ label: "server", title: { en: "To", ja: "呼び出し先" } },
				{
					expr: top20(allCalls),
					title: { en: "Calls", ja: "呼び出し" },
					unit: units.RequestsPerSecond,
					decimals: 2,
					width: 120,
					first: "largest",
				},
				{
					expr: percentOf(failedCalls, allCalls),
					title: { en: "Failed", ja: "失敗率" },
					unit: units.Percent,
					decimals: 2,
					width: 85,
				},
				{
					expr: quantileOf(
						0.95,
						lately,
						other("traces_service_graph_request_client_seconds_bucket"),
						calls,
					),
					title: { en: "95 % within", ja: "p95" },
					unit: units.Seconds,
					decimals: 1,
					width: 105,
				},
			],
		}),
		graph({
			id: 13,
			title: { en: "Accuracy of the model", ja: "モデルの精度" },
			description: {
				en: "Share of held-out interactions that the model predicts rightly, and nine tenths of the average of the week before, under which the alert fires.",
				ja: "ホールドアウトのうち正しく予測できた割合と、アラートの基準（前の 1 週間の平均の 9 割）です。",
			},
			noData: noRecommender,
			width: 8,
			height: 8,
			recorded: true,
			unit: units.PercentUnit,
			max: 1,
			queries: [
				{
					expr: `min(${series(applicationMetrics.modelAccuracy)})`,
					legend: { en: "accuracy", ja: "精度" },
				},
				{
					expr: `0.9 * min(${average("adult_matching_ml_model_accuracy:avg7d")})`,
					legend: { en: "alert below", ja: "アラートの基準" },
				},
			],
		}),
		graph({
			id: 14,
			title: { en: "Health of the recommender", ja: "レコメンダーの健全性" },
			description: {
				en: "Shares from 0 to 1, the score drift (PSI: over 0.25 is a large one) and the popularity's Gini index (1: always the same one).",
				ja: "0〜1 の割合、スコアのドリフト（PSI: 0.25 超は大きい変化）、人気の偏り（ジニ係数: 1 は常に同じもの）です。",
			},
			noData: noRecommender,
			width: 8,
			height: 8,
			unit: units.NoUnit,
			manyLines: true,
			queries: [
				{
					expr: `max(${series(recommenderMetrics.emptyShare)})`,
					legend: { en: "without recommendations", ja: "レコメンドなし" },
				},
				{
					expr: `min(${series(recommenderMetrics.catalogueCoverage)})`,
					legend: { en: "catalogue recommended", ja: "カタログのカバー率" },
				},
				{
					expr: `min(${series(recommenderMetrics.embeddingCoverage)})`,
					legend: { en: "catalogue embedded", ja: "埋め込みのカバー率" },
				},
				{
					expr: `max(${series(recommenderMetrics.scoreDrift)})`,
					legend: { en: "score drift (PSI)", ja: "スコアのドリフト (PSI)" },
				},
				{
					expr: `max(${series(recommenderMetrics.popularityGini)})`,
					legend: { en: "popularity (Gini)", ja: "人気の偏り (ジニ係数)" },
				},
				{
					expr: `min(${series(applicationMetrics.dataQuality)})`,
					legend: { en: "data quality", ja: "データ品質" },
				},
			],
		}),
		graph({
			id: 15,
			title: { en: "What users do", ja: "ユーザーの活動" },
			description: {
				en: "Actions of users a minute, as `user_activity_rate` measures them.",
				ja: "`user_activity_rate` による毎分のユーザー操作数です。",
			},
			noData: noRecommender,
			width: 8,
			height: 8,
			unit: units.NoUnit,
			queries: [
				{
					expr: `sum(${series(applicationMetrics.userActivity)})`,
					legend: { en: "actions a minute", ja: "毎分の操作数" },
				},
			],
		}),
	],
};

/** How many times its budget a service spends, by the rates that the rules record each minute. */
function burn(budget: string, spent: "errors" | "slow"): string {
	const over = (record: string) =>
		`sum by (job) (sum_over_time(job:adult_matching_${record}:rate5m{${ofEnvironment},${ofService}}[1h]))`;
	return `${over(`request_${spent}`)} / (${over("requests")} > 0) / on () group_left () ${budget}`;
}
