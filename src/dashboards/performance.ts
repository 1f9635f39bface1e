import * as units from "@grafana/grafana-foundation-sdk/units";
import { applicationMetrics } from "../metrics/application.ts";
import { measurementMetrics } from "../metrics/measurement.ts";
import { recommenderMetrics } from "../metrics/recommender.ts";
import { firingAlerts } from "./alerts.ts";
import type { Dashboard } from "./dashboard.ts";
import { levelOf } from "./limits.ts";
import { noRecommender, noRequests } from "./no-data.ts";
import { stat } from "./panels/stat.ts";
import { callPanels } from "./performance/calls.ts";
import { recommenderPanels } from "./performance/recommender.ts";
import { requestPanels } from "./performance/requests.ts";
import { failing, lately, quantile } from "./rates.ts";
import { series } from "./series.ts";
import { meaningsOfLevels, warnings } from "./states.ts";
import { chosenRequests, endpoint, service } from "./variables.ts";

const slowest = quantile(
	0.95,
	lately,
	applicationMetrics.requestDuration,
	"job",
	...chosenRequests,
);

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
					expr: levelOf(
						`max(${failing("job", ...chosenRequests)})`,
						"error_rate",
					),
					legend: { en: "errors", ja: "エラー" },
					meanings: meaningsOfLevels,
				},
				{
					expr: `max(${failing("job", ...chosenRequests)})`,
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
		...requestPanels,
		...callPanels,
		...recommenderPanels,
	],
};
