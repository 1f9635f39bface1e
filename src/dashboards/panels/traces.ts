import { PanelBuilder as NodeGraphBuilder } from "@grafana/grafana-foundation-sdk/nodegraph";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import {
	DataqueryBuilder,
	SearchTableType,
} from "@grafana/grafana-foundation-sdk/tempo";
import * as units from "@grafana/grafana-foundation-sdk/units";
import { tempo } from "../data-sources.ts";
import { type About, introduce, type Panel } from "./about.ts";

/** The newest traces that a search by TraceQL finds; each row leads to its trace. */
export function traces(about: About & { readonly traceql: string }): Panel {
	return (language) =>
		introduce(new TableBuilder(), about, language)
			.unit(units.NoUnit)
			.showHeader(true)
			.withTarget(
				new DataqueryBuilder()
					.refId("A")
					.datasource(tempo)
					.queryType("traceql")
					.query(about.traceql)
					.tableType(SearchTableType.Traces)
					.limit(20)
					.filters([]),
			);
}

/** Who calls whom, drawn from the metrics traces_service_graph_* by the data source of the traces. */
export function serviceGraph(about: About): Panel {
	return (language) =>
		introduce(new NodeGraphBuilder(), about, language)
			.unit(units.NoUnit)
			.withTarget(
				new DataqueryBuilder()
					.refId("A")
					.datasource(tempo)
					.queryType("serviceMap")
					.filters([]),
			);
}
