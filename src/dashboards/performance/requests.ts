import * as units from "@grafana/grafana-foundation-sdk/units";
import { applicationMetrics } from "../../metrics/application.ts";
import { limitsOf } from "../limits.ts";
import { noRequests, noTraces } from "../no-data.ts";
import type { Panel } from "../panels/about.ts";
import { graph } from "../panels/graph.ts";
import { heatmap } from "../panels/heatmap.ts";
import { table } from "../panels/table.ts";
import { traces } from "../panels/traces.ts";
import {
	failing,
	failingOverTime,
	lately,
	quantile,
	requests,
	requestsOverTime,
	someRequests,
} from "../rates.ts";
import { allOrChosen, average } from "../records.ts";
import { buckets, ofEnvironment, other, top20 } from "../series.ts";
import { chosenRequests, ofService } from "../variables.ts";

const { requestDuration, recommendationLatency } = applicationMetrics;

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
		(isChoice) => lately(buckets(requestDuration, ...chosenRequests, isChoice)),
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

const busiest = top20(requests("job, endpoint", ...chosenRequests));
const slowest = quantile(
	0.95,
	lately,
	requestDuration,
	"job, endpoint",
	...chosenRequests,
);

/** What the backends answer: how much, how rightly, how fast. */
export const requestPanels: readonly Panel[] = [
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
				expr: top20(requestsOverTime("job, endpoint", ...chosenRequests)),
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
				expr: top20(failingOverTime("job", ...chosenRequests)),
				legend: "{{job}}",
			},
		],
		limits: limitsOf("error_rate", someRequests(...chosenRequests)),
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
			en: "Percentiles of the chosen services and endpoints together. Dots are single requests, each leads to its trace: they and the traces' percentile are of all endpoints, for All of the edge functions too. Recommendations are those of `duration_of`, whatever is chosen.",
			ja: "選択したサービスとエンドポイント全体のパーセンタイルです。点は個々のリクエストで、トレースを開けます。点とトレースの値は全エンドポイント（All のとき Edge Function も）が対象です。レコメンドは選択によらず `duration_of` の測定です。",
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
		limits: limitsOf("response_time", someRequests(...chosenRequests), 1000),
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
				expr: busiest,
				title: { en: "Requests", ja: "リクエスト" },
				unit: units.RequestsPerSecond,
				decimals: 2,
				width: 120,
				first: "largest",
			},
			{
				expr: `${failing("job, endpoint", ...chosenRequests)} and on (job, endpoint) ${busiest}`,
				title: { en: "Failed", ja: "失敗率" },
				unit: units.Percent,
				decimals: 2,
				width: 85,
			},
			{
				expr: `${slowest} and on (job, endpoint) ${busiest}`,
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
];

/** How many times its budget a service spends, by the rates that the rules record each minute. */
function burn(budget: string, spent: "errors" | "slow"): string {
	const over = (record: string) =>
		`sum by (job) (sum_over_time(job:adult_matching_${record}:rate5m{${ofEnvironment},${ofService}}[1h]))`;
	return `${over(`request_${spent}`)} / (${over("requests")} > 0) / on () group_left () ${budget}`;
}
