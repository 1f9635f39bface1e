import { LegendDisplayMode } from "@grafana/schema";
import { TimeSeries } from "@grafana/ui";
import type { Drawing } from "./drawing.ts";
import { choice, objectOf } from "./options.ts";

export function drawTimeSeries(drawing: Drawing) {
	const { width, height, frames, options, timeRange } = drawing;
	const legend = objectOf(options.legend);
	const { calcs } = legend;
	return (
		<TimeSeries
			frames={frames}
			width={width}
			height={height}
			timeRange={timeRange}
			timeZone="utc"
			legend={{
				showLegend: legend.showLegend !== false,
				displayMode: choice(LegendDisplayMode, legend.displayMode, "list"),
				placement: legend.placement === "right" ? "right" : "bottom",
				calcs: Array.isArray(calcs) ? calcs : [],
			}}
		/>
	);
}
