import type { Text } from "./text.ts";

/** Why a panel may be empty: said by several. */
export const monitorIsSilent: Text = {
	en: "The monitor has not reported this: see the dashboard Pipeline, and docs/pipeline.md.",
	ja: "モニターからの報告がありません。ダッシュボード「パイプライン」と docs/pipeline.md をご覧ください。",
};

/** A reason, and the other one that there may be. */
export function orSilent({ en, ja }: Text): Text {
	return {
		en: `${en} Or the monitor is silent: see the dashboard Pipeline.`,
		ja: `${ja}またはモニターからの報告がありません（ダッシュボード「パイプライン」）。`,
	};
}

export const noRequests: Text = {
	en: "No instrumented backend has had a request in this time: see docs/register.md.",
	ja: "この期間、計装されたバックエンドへのリクエストがありません。docs/register.md をご覧ください。",
};

export const noEdgeFunction: Text = {
	en: "No edge function has reported in this time: see docs/edge.md.",
	ja: "この期間、Edge Function からの報告がありません。docs/edge.md をご覧ください。",
};

export const noDatabase: Text = {
	en: "Postgres has not been read in this time: see DATABASE_URL in docs/configuration.md.",
	ja: "この期間、Postgres を読み取れていません。docs/configuration.md の DATABASE_URL をご覧ください。",
};

export const noTraces: Text = {
	en: "No traces in this time: see docs/pipeline.md.",
	ja: "この期間のトレースがありません。docs/pipeline.md をご覧ください。",
};

export const noRecommender: Text = {
	en: "Nothing is measured of the recommender: see `recommender` and `measurements` in docs/integration.md.",
	ja: "レコメンダーの測定値がありません。docs/integration.md の `recommender` と `measurements` をご覧ください。",
};

export const noCollector: Text = {
	en: "The collector has not been scraped in this time: see docs/pipeline.md.",
	ja: "この期間、コレクターのメトリクスが取得されていません。docs/pipeline.md をご覧ください。",
};

export const noPrometheus: Text = {
	en: "Prometheus does not scrape itself: see prometheus/prometheus.yml.",
	ja: "Prometheus が自身のメトリクスを取得していません。prometheus/prometheus.yml をご覧ください。",
};

export const noAlertmanager: Text = {
	en: "Alertmanager has not been scraped in this time: see docs/pipeline.md.",
	ja: "この期間、Alertmanager のメトリクスが取得されていません。docs/pipeline.md をご覧ください。",
};
