import * as units from "@grafana/grafana-foundation-sdk/units";
import { noTraces } from "../no-data.ts";
import type { Panel } from "../panels/about.ts";
import { table } from "../panels/table.ts";
import { serviceGraph } from "../panels/traces.ts";
import { lately, percentOf, quantileOf } from "../rates.ts";
import { other, top20 } from "../series.ts";

const calls = "client, server";
const allCalls = `sum by (${calls}) (${lately(other("traces_service_graph_request_total"))})`;
const busiest = top20(allCalls);
const duration = quantileOf(
	0.95,
	lately,
	other("traces_service_graph_request_client_seconds_bucket"),
	calls,
);
const failedCalls = `sum by (${calls}) (${lately(other("traces_service_graph_request_failed_total"))})`;

/** Who calls whom. */
export const callPanels: readonly Panel[] = [
	serviceGraph({
		id: 11,
		title: { en: "Who calls whom", ja: "サービス間の呼び出し" },
		description: {
			en: "Edge functions, backends and the database, by their traces, whatever is chosen above. What sends no traces has the name of its host.",
			ja: "トレースによる Edge Function、バックエンド、データベースの関係です（上部の選択によらず全体）。トレースを送らないものはホスト名で表示されます。",
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
				expr: busiest,
				title: { en: "Calls", ja: "呼び出し" },
				unit: units.RequestsPerSecond,
				decimals: 2,
				width: 120,
				first: "largest",
			},
			{
				expr: `${percentOf(failedCalls, allCalls)} and on (${calls}) ${busiest}`,
				title: { en: "Failed", ja: "失敗率" },
				unit: units.Percent,
				decimals: 2,
				width: 85,
			},
			{
				expr: `${duration} and on (${calls}) ${busiest}`,
				title: { en: "95 % within", ja: "p95" },
				unit: units.Seconds,
				decimals: 1,
				width: 105,
			},
		],
	}),
];
