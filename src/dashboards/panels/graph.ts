import {
	GraphDrawStyle,
	LegendDisplayMode,
	LegendPlacement,
	SortOrder,
	StackingConfigBuilder,
	StackingMode,
	TooltipDisplayMode,
	VisibilityMode,
	VizLegendOptionsBuilder,
	VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
	FieldColorBuilder,
	FieldColorModeId,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { Limits } from "../limits.ts";
import { type About, introduce, type Panel } from "./about.ts";
import { letter, overTime, type Query } from "./query.ts";

/** Lines over time. */
export interface Graph extends About {
	readonly unit: string;
	readonly decimals?: number;
	readonly queries: readonly Query[];
	/** Drawn as dashed lines. */
	readonly limits?: Limits;
	readonly max?: number;
	/** Puts what adds up on top of each other. */
	readonly stacked?: boolean;
	/** Draws bars, for what happens now and then. */
	readonly bars?: boolean;
}

export function graph(options: Graph): Panel {
	return (language) => {
		const { unit, decimals = 1, max, queries, limits } = options;
		const panel = introduce(new PanelBuilder(), options, language)
			.unit(unit)
			.decimals(decimals)
			.min(0)
			.colorScheme(
				new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic),
			)
			.lineWidth(1)
			.fillOpacity(options.bars ? 80 : options.stacked ? 30 : 8)
			.showPoints(VisibilityMode.Auto)
			.drawStyle(options.bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
			.legend(
				new VizLegendOptionsBuilder()
					.displayMode(LegendDisplayMode.List)
					.placement(LegendPlacement.Bottom)
					.showLegend(true)
					.calcs(["lastNotNull", "max"]),
			)
			.tooltip(
				new VizTooltipOptionsBuilder()
					.mode(TooltipDisplayMode.Multi)
					.sort(SortOrder.Descending),
			);
		if (max !== undefined) panel.max(max);
		if (options.stacked) {
			panel.stacking(
				new StackingConfigBuilder().mode(StackingMode.Normal).group("A"),
			);
		}
		for (const [index, query] of queries.entries()) {
			panel.withTarget(overTime(query, letter(index), language));
		}
		if (limits) {
			panel.withTarget(overTime(limits.warning, "warning", language));
			panel.withTarget(overTime(limits.critical, "critical", language));
			panel.overrideByQuery("warning", dashed("orange", [10, 10]));
			panel.overrideByQuery("critical", dashed("red", [2, 6]));
		}
		return panel;
	};
}

function dashed(color: string, dash: readonly number[]) {
	return [
		{ id: "color", value: { mode: "fixed", fixedColor: color } },
		{ id: "custom.lineStyle", value: { fill: "dash", dash } },
		{ id: "custom.lineWidth", value: 2 },
		{ id: "custom.fillOpacity", value: 0 },
		{ id: "custom.showPoints", value: "never" },
		{ id: "custom.stacking", value: { mode: "none" } },
		{ id: "custom.drawStyle", value: "line" },
	];
}
