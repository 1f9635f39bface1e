import * as units from "@grafana/grafana-foundation-sdk/units";
import { applicationMetrics } from "../../metrics/application.ts";
import { recommenderMetrics } from "../../metrics/recommender.ts";
import { noRecommender } from "../no-data.ts";
import type { Panel } from "../panels/about.ts";
import { graph } from "../panels/graph.ts";
import { average } from "../records.ts";
import { series } from "../series.ts";

/** How good the recommender is, and what users do. */
export const recommenderPanels: readonly Panel[] = [
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
];
