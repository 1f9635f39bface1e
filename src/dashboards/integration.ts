import * as units from "@grafana/grafana-foundation-sdk/units";
import { flowMetrics } from "../metrics/flow.ts";
import { integrationMetrics } from "../metrics/integration.ts";
import { firingAlerts } from "./alerts.ts";
import type { Dashboard } from "./dashboard.ts";
import { levelOf, limitsOf } from "./limits.ts";
import { monitorIsSilent, orSilent } from "./no-data.ts";
import { graph } from "./panels/graph.ts";
import { stat } from "./panels/stat.ts";
import { type Column, table } from "./panels/table.ts";
import { timeline } from "./panels/timeline.ts";
import { lately } from "./rates.ts";
import { average, largest } from "./records.ts";
import { count, series, sum, top20, within } from "./series.ts";
import {
	leastWithin,
	meaningsOfComponents,
	meaningsOfConditions,
	meaningsOfLevels,
	meaningsOfSuccess,
	worstCondition,
	worstState,
} from "./states.ts";

const {
	overallState,
	groupState,
	componentState,
	componentFailure,
	componentUptime,
} = integrationMetrics;

const noDataFlow = orSilent({
	en: "No data flow is configured: see `data_flow_checks` in docs/configuration.md.",
	ja: "データフローが設定されていません（docs/configuration.md の `data_flow_checks`）。",
});
const noFlow = orSilent({
	en: "No end-to-end flow is configured: see `flows` in docs/configuration.md.",
	ja: "E2E フローが設定されていません（docs/configuration.md の `flows`）。",
});

const componentColumn = {
	label: "component",
	title: { en: "Component", ja: "コンポーネント" },
};
const groupColumn = { label: "group", title: { en: "Group", ja: "グループ" } };
const probes = largest(
	"group_component:adult_matching_probe_duration_seconds:p95_15m",
);
/** Of each component that is not well: its state. */
const unwell = `(${worstState(componentState, "group, component")} > 0)`;
const uptime = (window: string) =>
	`min by (group, component) (${series(componentUptime, `window="${window}"`)})`;

export const integration: Dashboard = {
	uid: "integration",
	title: { en: "Integration", ja: "連携" },
	description: {
		en: "Edge functions, backends, the ML pipeline, data flows, end-to-end flows and jobs, as the monitor's checks find them.",
		ja: "モニターのチェックから見た、Edge Function、バックエンド、ML パイプライン、データフロー、E2E フロー、ジョブの状態です。",
	},
	variables: [],
	panels: [
		stat({
			id: 1,
			title: { en: "Everything", ja: "全体" },
			description: {
				en: "The state that all groups together are in.",
				ja: "すべてのグループを合わせた状態です。",
			},
			noData: monitorIsSilent,
			width: 4,
			height: 5,
			values: [
				{
					expr: worstState(overallState),
					legend: { en: "all groups", ja: "全グループ" },
					meanings: meaningsOfComponents,
				},
			],
		}),
		firingAlerts({ id: 3, width: 20, height: 5 }, ['group!=""']),
		stat({
			id: 2,
			title: { en: "Groups", ja: "グループ" },
			description: {
				en: "The state of each group of components: which of them is where anything is wrong.",
				ja: "コンポーネントのグループごとの状態です。異常の場所がわかります。",
			},
			noData: monitorIsSilent,
			width: 24,
			height: 3,
			values: [
				{
					expr: worstState(groupState, "group"),
					legend: "{{group}}",
					meanings: meaningsOfComponents,
				},
			],
		}),
		timeline({
			id: 4,
			title: { en: "States of the components", ja: "コンポーネントの状態" },
			description: {
				en: "The worst minute of each point. Of all that fails together, only the first cause is unhealthy; what waits for it is unknown.",
				ja: "各時点で最も悪い 1 分間の状態です。同時に失敗したもののうち、最初の原因だけが「異常」で、その影響を受けるものは「不明」になります。",
			},
			noData: monitorIsSilent,
			width: 24,
			height: 10,
			recorded: true,
			query: {
				expr: `max by (group, component) (${largest("group_component:adult_matching_component_state:worst1m")})`,
				legend: "{{component}} ({{group}})",
			},
			meanings: meaningsOfComponents,
		}),
		table({
			id: 5,
			title: { en: "Not well now", ja: "現在正常でないもの" },
			description: {
				en: "Each component that is not well, the worst first. The trace of a check that failed shows what it met.",
				ja: "正常でないコンポーネントです（悪い順）。失敗したチェックのトレースから、何が起きたかがわかります。",
			},
			noData: {
				en: "✔ No component is unwell, or the monitor is silent: see Everything.",
				ja: "✔ 正常でないコンポーネントはないか、モニターからの報告がありません（「全体」をご覧ください）。",
			},
			width: 12,
			height: 8,
			columns: [
				groupColumn,
				componentColumn,
				{
					expr: `${unwell} * on (group, component) group_right () group by (group, component, trace_id) (${series(componentFailure)}) or on (group, component) ${unwell}`,
					title: { en: "State", ja: "状態" },
					meanings: meaningsOfComponents,
					width: 110,
					first: "largest",
				},
				{
					label: "trace_id",
					title: { en: "Trace", ja: "トレース" },
					toTrace: true,
					width: 150,
				},
			],
		}),
		table({
			id: 6,
			title: { en: "Uptime", ja: "稼働率" },
			description: {
				en: "Share of the checks that found the component healthy or degraded, beside the limits of alert_thresholds for 24 hours.",
				ja: "チェックで「正常」または「低下」だった割合です。24 時間の値を alert_thresholds のしきい値と比べています。",
			},
			noData: monitorIsSilent,
			width: 12,
			height: 8,
			columns: [
				componentColumn,
				{
					expr: levelOf(uptime("24h"), "uptime"),
					title: { en: "By its limits", ja: "しきい値との比較" },
					meanings: meaningsOfLevels,
					width: 130,
				},
				...(["1h", "24h", "7d", "30d"] as const).map(
					(window): Column => ({
						expr: uptime(window),
						title: { en: window, ja: window },
						unit: units.Percent,
						decimals: 2,
						width: 72,
						first: window === "24h" ? "smallest" : undefined,
					}),
				),
			],
		}),
		graph({
			id: 7,
			title: { en: "Probes", ja: "プローブの所要時間" },
			description: {
				en: "95 of 100 of the monitor's probes of a component took no longer than this, in the worst 15 minutes of each point as the alert takes them: the 20 slowest.",
				ja: "モニターによるプローブの 95 パーセンタイルです（アラートと同じ 15 分間のうち各時点で最も遅いもの、上位 20 件）。",
			},
			noData: monitorIsSilent,
			width: 12,
			height: 8,
			recorded: true,
			unit: units.Seconds,
			manyLines: true,
			queries: [
				{
					expr: top20(`max by (component) (${probes})`),
					legend: "{{component}}",
				},
			],
			limits: limitsOf("response_time", probes, 1000),
		}),
		graph({
			id: 8,
			title: { en: "Phases of the probes", ja: "プローブの内訳" },
			description: {
				en: "How long the phases of a probe take: name, connection, TLS, first byte, transfer. Each on average over the probes that came to its end.",
				ja: "プローブの各段階（名前解決、接続、TLS、最初のバイト、転送）の所要時間です。それぞれ、その段階を終えたプローブの平均です。",
			},
			noData: monitorIsSilent,
			width: 12,
			height: 8,
			recorded: true,
			unit: units.Seconds,
			queries: [
				{
					expr: `sum by (phase) (${average("phase:adult_matching_probe_phase_duration_seconds_sum:rate2m")}) / (sum by (phase) (${average("phase:adult_matching_probe_phase_duration_seconds_count:rate2m")}) > 0)`,
					legend: "{{phase}}",
				},
			],
		}),
		graph({
			id: 9,
			title: { en: "Age of the newest data", ja: "最新データの経過時間" },
			description: {
				en: "As a share of each data flow's max_age, the most in each point: over 100 % it is stale.",
				ja: "各データフローの max_age に対する割合です（各時点の最大）。100 % を超えると「古い」状態です。",
			},
			noData: noDataFlow,
			width: 12,
			height: 8,
			unit: units.PercentUnit,
			decimals: 1,
			manyLines: true,
			queries: [
				{
					expr: top20(
						`max by (flow) (${within("max", series(integrationMetrics.dataFlowAge))} / ${series(integrationMetrics.dataFlowMaxAge)})`,
					),
					legend: "{{flow}}",
				},
			],
		}),
		timeline({
			id: 10,
			title: { en: "The chain of data", ja: "データフローの連鎖" },
			description: {
				en: "The worst condition of each data flow in each point. One behind another waits for a stage before it.",
				ja: "各データフローの、各時点で最も悪い状態です。「前段待ち」は前の段階の遅れを待っています。",
			},
			noData: noDataFlow,
			width: 12,
			height: 8,
			query: {
				expr: worstCondition(integrationMetrics.dataFlowCondition, "flow"),
				legend: "{{flow}}",
			},
			meanings: meaningsOfConditions,
		}),
		timeline({
			id: 11,
			title: { en: "Steps of the flows", ja: "E2E フローの手順" },
			description: {
				en: "Whether each step succeeded in its flow's last run: the worst of each point; nothing where it was not reached.",
				ja: "直近の実行で各手順が成功したかどうかです（各時点の最も悪い結果）。到達しなかった手順は表示されません。",
			},
			noData: noFlow,
			width: 12,
			height: 8,
			query: {
				expr: leastWithin(flowMetrics.stepSuccess, "flow, step"),
				legend: "{{flow}} / {{step}}",
			},
			meanings: meaningsOfSuccess,
		}),
		graph({
			id: 12,
			title: {
				en: "Duration of the flows' steps",
				ja: "E2E フローの手順の所要時間",
			},
			description: {
				en: "On average, waiting and repetitions included: the 20 slowest.",
				ja: "待機と繰り返しを含む平均です（上位 20 件）。",
			},
			noData: noFlow,
			width: 12,
			height: 8,
			unit: units.Seconds,
			manyLines: true,
			queries: [
				{
					expr: top20(
						`sum by (flow, step) (${lately(sum(flowMetrics.stepDuration))}) / (sum by (flow, step) (${lately(count(flowMetrics.stepDuration))}) > 0)`,
					),
					legend: "{{flow}} / {{step}}",
				},
			],
		}),
		graph({
			id: 13,
			title: { en: "Jobs", ja: "ジョブ" },
			description: {
				en: "Time since each job last reported success, as a share of its max_age: the most in each point.",
				ja: "各ジョブが最後に成功を報告してからの時間です（max_age に対する割合、各時点の最大）。",
			},
			noData: orSilent({
				en: "No job has reported success yet: see `heartbeats` in docs/configuration.md.",
				ja: "成功を報告したジョブがまだありません（docs/configuration.md の `heartbeats`）。",
			}),
			width: 12,
			height: 8,
			unit: units.PercentUnit,
			decimals: 1,
			manyLines: true,
			queries: [
				{
					expr: top20(
						`max by (heartbeat) (${within("max", series(integrationMetrics.heartbeatAge))} / ${series(integrationMetrics.heartbeatMaxAge)})`,
					),
					legend: "{{heartbeat}}",
				},
			],
		}),
		table({
			id: 14,
			title: { en: "Certificates", ja: "証明書" },
			description: {
				en: "Time until the first certificate of each component's chain ends.",
				ja: "各コンポーネントの証明書チェーンで最初に期限が切れるまでの時間です。",
			},
			noData: orSilent({
				en: "No component is asked over HTTPS.",
				ja: "HTTPS で確認しているコンポーネントはありません。",
			}),
			width: 12,
			height: 8,
			columns: [
				groupColumn,
				componentColumn,
				{
					expr: `min by (group, component) (${series(integrationMetrics.certificateExpiry)}) - time()`,
					title: { en: "Ends in", ja: "残り" },
					unit: units.Seconds,
					decimals: 1,
					width: 110,
					first: "smallest",
				},
			],
		}),
	],
};
