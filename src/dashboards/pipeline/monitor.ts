import * as units from "@grafana/grafana-foundation-sdk/units";
import { integrationMetrics } from "../../metrics/integration.ts";
import { monitorMetrics } from "../../metrics/monitor.ts";
import { monitorIsSilent } from "../no-data.ts";
import type { Panel } from "../panels/about.ts";
import { graph } from "../panels/graph.ts";
import { timeline } from "../panels/timeline.ts";
import { lately, quantile } from "../rates.ts";
import { largest } from "../records.ts";
import { series } from "../series.ts";
import { leastWithin, meaningsOfSuccess } from "../states.ts";

/** What the monitor reads, checks and sends. */
export const monitorPanels: readonly Panel[] = [
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
];
