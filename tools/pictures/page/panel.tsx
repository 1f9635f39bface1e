import {
	type DataFrame,
	type FieldConfigSource,
	FieldType,
	type TimeRange,
} from "@grafana/data";
import { PanelChrome, useTheme2 } from "@grafana/ui";
import type { Panel } from "../picture.ts";
import type { DrawPanel } from "./panels/drawing.ts";
import { drawHeatmap } from "./panels/heatmap.tsx";
import { drawNodeGraph } from "./panels/node-graph.tsx";
import { drawStat } from "./panels/stat.tsx";
import { drawStateTimeline } from "./panels/state-timeline.tsx";
import { drawTable } from "./panels/table.tsx";
import { drawTimeSeries } from "./panels/time-series.tsx";

const kinds: Readonly<Record<string, DrawPanel>> = {
	heatmap: drawHeatmap,
	nodeGraph: drawNodeGraph,
	stat: drawStat,
	"state-timeline": drawStateTimeline,
	table: drawTable,
	timeseries: drawTimeSeries,
};

export interface PanelPictureProps {
	readonly panel: Panel;
	readonly width: number;
	readonly height: number;
	/** With the panel's transformations and field configuration applied. */
	readonly frames: DataFrame[];
	readonly fieldConfig: FieldConfigSource;
	readonly timeRange: TimeRange;
}

/** A panel in Grafana's frame. */
export function PanelPicture(props: PanelPictureProps) {
	const { panel, width, height } = props;
	return (
		<PanelChrome
			title={panel.title ?? ""}
			description={panel.description}
			width={width}
			height={height}
			displayMode={panel.transparent ? "transparent" : "default"}
		>
			{(innerWidth, innerHeight) => (
				<Content {...props} width={innerWidth} height={innerHeight} />
			)}
		</PanelChrome>
	);
}

function Content(props: PanelPictureProps) {
	const { panel, frames, fieldConfig } = props;
	const theme = useTheme2();
	const draw = kinds[panel.type];
	if (draw === undefined) throw new Error(`how is a ${panel.type} drawn?`);
	const message = asksForTraces(panel)
		? "Asks Tempo for traces, which is no part of the native stack"
		: frames.every(isEmpty)
			? (fieldConfig.defaults.noValue ?? "No data")
			: undefined;
	if (message === undefined) {
		return draw({ ...props, theme, options: panel.options ?? {} });
	}
	return (
		<div
			style={{
				width: props.width,
				height: props.height,
				display: "grid",
				placeItems: "center",
				textAlign: "center",
				padding: 8,
				color: theme.colors.text.secondary,
			}}
		>
			{message}
		</div>
	);
}

/** The node graph asks Tempo too, which asks Prometheus for it: so does measure.ts. */
function asksForTraces({ type, targets }: Panel): boolean {
	return (
		type !== "nodeGraph" &&
		targets?.some(({ datasource }) => datasource?.type === "tempo") === true
	);
}

function isEmpty({ fields, length }: DataFrame): boolean {
	return length === 0 || fields.every(({ type }) => type === FieldType.time);
}
