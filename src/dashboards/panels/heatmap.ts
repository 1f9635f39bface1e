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

/** How many requests a second took how long. */
export interface Heatmap extends About {
	readonly unit: string;
	/** Requests a second by `le`. */
	readonly buckets: string;
	/** Buckets in the same unit whose single requests are dots that lead to their traces. */
	readonly exemplars?: string;
}

export function heatmap(about: Heatmap): Panel {
	return (language) => {
		const panel = introduce(new PanelBuilder(), about, language)
			.unit(units.RequestsPerSecond)
			.calculate(false)
			.color(
				new HeatmapColorOptionsBuilder()
					.mode(HeatmapColorMode.Scheme)
					.scheme("Viridis")
					.steps(64),
			)
			// Leaves out what never happened.
			.filterValues(new FilterValueRangeBuilder().le(1e-9))
			.cellValues(new CellValuesBuilder().unit(units.RequestsPerSecond))
			.yAxis(new YAxisConfigBuilder().unit(about.unit))
			.rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto))
			.exemplarsColor("rgba(255,120,10,0.9)")
			.tooltip(
				new HeatmapTooltipBuilder()
					.mode(TooltipDisplayMode.Single)
					.yHistogram(true)
					.showColorScale(true),
			);
		if (about.exemplars) {
			// In the heatmap's format, of which Grafana leaves out what is empty.
			const requests = singleRequests(about.exemplars, language);
			panel.withTarget(requests.format(PromQueryFormat.Heatmap));
		}
		return panel.withTarget(
			overTime({ expr: about.buckets, legend: "{{le}}" }, "A", language).format(
				PromQueryFormat.Heatmap,
			),
		);
	};
}
