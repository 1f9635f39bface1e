import {
	LegendDisplayMode,
	LegendPlacement,
	TimelineValueAlignment,
	TooltipDisplayMode,
	VisibilityMode,
	VizLegendOptionsBuilder,
	VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
	FieldColorBuilder,
	FieldColorModeId,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import * as units from "@grafana/grafana-foundation-sdk/units";
import { type Meanings, mappingOf } from "../states.ts";
import { type About, introduce, type Panel } from "./about.ts";
import { overTime, type Query } from "./query.ts";

/** When what was how: a bar a thing, whose numbers stand for states. */
export function timeline(
	about: About & { readonly query: Query; readonly meanings: Meanings },
): Panel {
	return (language) =>
		introduce(new PanelBuilder(), about, language)
			.unit(units.NoUnit)
			.decimals(0)
			.mappings(mappingOf(about.meanings, language))
			.colorScheme(
				new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor("text"),
			)
			.mergeValues(true)
			.showValue(VisibilityMode.Auto)
			.alignValue(TimelineValueAlignment.Left)
			.rowHeight(0.85)
			.perPage(20)
			.legend(
				new VizLegendOptionsBuilder()
					.displayMode(LegendDisplayMode.List)
					.placement(LegendPlacement.Bottom)
					.showLegend(true)
					.calcs([]),
			)
			.tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single))
			.withTarget(overTime(about.query, "A", language));
}
