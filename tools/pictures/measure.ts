import { askFor, prometheusAt } from "../../test/support/dashboards/ask.ts";
import {
	type Dashboard,
	type PanelQuery,
	queriesOf,
} from "../../test/support/dashboards/dashboard-files.ts";
import {
	stepOf,
	usualInterval,
} from "../../test/support/dashboards/fill-in.ts";
import { allOf } from "../../test/support/dashboards/variables.ts";
import { singleRequests } from "./exemplars.ts";
import type { Answer, Picture } from "./picture.ts";

/** What a picture is drawn from, with the dashboard as its file has it. */
export type MeasuredPicture = Omit<Picture, "dashboard" | "theme"> & {
	readonly dashboard: Dashboard;
};

/** Asks all that a dashboard shows of the last minutes. */
export async function measure(
	dashboard: Dashboard,
	minutes: number,
	prometheus: string,
): Promise<MeasuredPicture> {
	const range = {
		name: `${minutes} min`,
		seconds: minutes * 60,
		interval: usualInterval,
	};
	const ask = prometheusAt(prometheus);
	const all = allOf(dashboard);
	const answers = await Promise.all(
		[...queriesOf(dashboard), ...serviceGraphsOf(dashboard)].map(
			async (query): Promise<Answer> => ({
				...query,
				step: stepOf(range, query.leastStep),
				series: query.ofExemplars
					? [await singleRequests(query, range, all, ask)]
					: await askFor(query, range, all, ask),
			}),
		),
	);
	const to = Date.now();
	return {
		dashboard,
		answers,
		from: to - range.seconds * 1000,
		to,
	};
}

/** What Tempo's data source asks Prometheus for the node graph. */
function serviceGraphsOf({ uid, panels }: Dashboard): PanelQuery[] {
	const graphs = panels.filter(({ type }) => type === "nodeGraph");
	return graphs.map(({ id, title }) => ({
		dashboard: uid,
		panel: id,
		title,
		refId: "requests",
		expr: "sum by (client, server) (rate(traces_service_graph_request_total[$__range]))",
		isInstant: true,
		ofExemplars: false,
		leastStep: 0,
		legend: "",
		format: "table",
	}));
}
