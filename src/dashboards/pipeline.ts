import * as units from "@grafana/grafana-foundation-sdk/units";
import { integrationMetrics } from "../metrics/integration.ts";
import { monitorMetrics } from "../metrics/monitor.ts";
import { firingAlerts } from "./alerts.ts";
import type { Dashboard } from "./dashboard.ts";
import { monitorIsSilent, noPrometheus } from "./no-data.ts";
import { stat } from "./panels/stat.ts";
import { alertingPanels } from "./pipeline/alerting.ts";
import { collectorPanels } from "./pipeline/collector.ts";
import { growthPanels } from "./pipeline/growth.ts";
import { monitorPanels } from "./pipeline/monitor.ts";
import { other, series } from "./series.ts";
import { meaningsOfPresence, meaningsOfUp, warnings } from "./states.ts";

/** Of each monitor, since its newest check ended. */
const age = `time() - max by (job, instance, host_name) (${series(integrationMetrics.lastCheck)})`;

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
		...collectorPanels,
		...monitorPanels,
		...alertingPanels,
		...growthPanels,
	],
};
