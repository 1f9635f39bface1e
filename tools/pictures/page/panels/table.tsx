import { TableNG } from "@grafana/ui/unstable";
import type { Drawing } from "./drawing.ts";

export function drawTable(drawing: Drawing) {
	const { width, height, frames, options, fieldConfig, timeRange } = drawing;
	const [data] = frames;
	if (data === undefined) return null;
	const { sortBy } = options;
	return (
		<TableNG
			data={data}
			width={width}
			height={height}
			sortBy={Array.isArray(sortBy) ? sortBy : []}
			fieldConfig={fieldConfig}
			timeRange={timeRange}
			structureRev={1}
		/>
	);
}
