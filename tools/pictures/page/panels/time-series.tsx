import { LegendDisplayMode } from "@grafana/schema";
import { TimeSeries } from "@grafana/ui";
import { isOfRequests } from "../frames.ts";
import type { Drawing } from "./drawing.ts";
import { choice, objectOf } from "./options.ts";
import { requestDots } from "./request-dots.ts";

export function drawTimeSeries(drawing: Drawing) {
	const { width, height, frames, options, timeRange, theme } = drawing;
	const legend = objectOf(options.legend);
	const { calcs } = legend;
	return (
		<TimeSeries
			frames={frames.filter((frame) => !isOfRequests(frame))}
			width={width}
			height={height}
			timeRange={timeRange}
			timeZone="utc"
			legend={{
				showLegend: legend.showLegend !== false,
				displayMode: choice(LegendDisplayMode, legend.displayMode, "list"),
				placement: legend.placement === "right" ? "right" : "bottom",
				calcs: Array.isArray(calcs) ? calcs : [],
				...(typeof legend.sortBy === "string" && {
					sortBy: legend.sortBy,
					sortDesc: legend.sortDesc === true,
				}),
			}}
			renderers={[requestDots(frames.filter(isOfRequests), theme)]}
		/>
	);
}
