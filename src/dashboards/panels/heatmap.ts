import {
	HeatmapCellLayout,
	TooltipDisplayMode,
} from "@grafana/grafana-foundation-sdk/common";
import {
	CellValuesBuilder,
	FilterValueRangeBuilder,
	HeatmapColorMode,
	HeatmapColorOptionsBuilder,
	HeatmapTooltipBuilder,
	PanelBuilder,
	RowsHeatmapOptionsBuilder,
	YAxisConfigBuilder,
} from "@grafana/grafana-foundation-sdk/heatmap";
import { PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import * as units from "@grafana/grafana-foundation-sdk/units";
import { type About, introduce, type Panel } from "./about.ts";
import { overTime, singleRequests } from "./query.ts";

/** How many requests a second took how long; each dot is a request whose trace it leads to. */
export interface Heatmap extends About {
	readonly unit: string;
	/** Requests a second by `le`. */
	readonly buckets: string;
	/** The buckets whose single requests are the dots. */
	readonly exemplars: string;
}

export function heatmap(about: Heatmap): Panel {
	return (language) =>
		introduce(new PanelBuilder(), about, language)
			.unit(units.RequestsPerSecond)
			.decimals(1)
			.calculate(false)
			.color(
				new HeatmapColorOptionsBuilder()
					.mode(HeatmapColorMode.Scheme)
					.scheme("Viridis")
					.steps(64),
			)
			// Leaves out what never happened.
			.filterValues(new FilterValueRangeBuilder().le(1e-9))
			.cellValues(
				new CellValuesBuilder().unit(units.RequestsPerSecond).decimals(1),
			)
			.yAxis(new YAxisConfigBuilder().unit(about.unit))
			.rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto))
			.exemplarsColor("rgba(255,120,10,0.9)")
			.tooltip(
				new HeatmapTooltipBuilder()
					.mode(TooltipDisplayMode.Single)
					.yHistogram(true)
					.showColorScale(true),
			)
			.withTarget(
				// In the heatmap's format, of which Grafana leaves out what is empty.
				singleRequests(about.exemplars, language).format(
					PromQueryFormat.Heatmap,
				),
			)
			.withTarget(
				overTime(
					{ expr: about.buckets, legend: "{{le}}" },
					"A",
					language,
				).format(PromQueryFormat.Heatmap),
			);
}
