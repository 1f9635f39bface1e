import {
	GraphDrawStyle,
	LegendDisplayMode,
	LegendPlacement,
	SortOrder,
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
import { letter, overTime, type Query, singleRequests } from "./query.ts";

/** Lines over time. */
export interface Graph extends About {
	readonly unit: string;
	/** Grafana's own choice, if it is not said. */
	readonly decimals?: number;
	readonly queries: readonly Query[];
	/** Buckets whose single requests are drawn as dots that lead to their traces. */
	readonly exemplars?: string;
	/** Drawn as dashed lines. */
	readonly limits?: Limits;
	readonly max?: number;
	/** How far the axis reaches at least: of nothing but zeros, Grafana makes it 100. */
	readonly softMax?: number;
	/** Draws bars, for what happens now and then. */
	readonly bars?: boolean;
	/** Has more lines than there is room for their numbers below it: these stand beside a wide graph, and else only where one points. */
	readonly manyLines?: boolean;
}

export function graph(options: Graph): Panel {
	return (language) => {
		const { unit, decimals, max, queries, limits, bars } = options;
		const softMax = options.softMax ?? (bars ? 5 : undefined);
		const panel = introduce(new PanelBuilder(), options, language)
			.unit(unit)
			.min(0)
			.colorScheme(
				new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic),
			)
			.lineWidth(1)
			.fillOpacity(bars ? 80 : 8)
			.showPoints(VisibilityMode.Auto)
			.drawStyle(bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
			.legend(legendOf(options))
			.tooltip(
				new VizTooltipOptionsBuilder()
					.mode(TooltipDisplayMode.Multi)
					.sort(SortOrder.Descending),
			);
		if (decimals !== undefined) panel.decimals(decimals);
		if (max !== undefined) panel.max(max);
		if (softMax !== undefined) panel.axisSoftMax(softMax);
		if (options.exemplars) {
			panel.withTarget(singleRequests(options.exemplars, language));
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

function legendOf({ manyLines, width }: Graph): VizLegendOptionsBuilder {
	const legend = new VizLegendOptionsBuilder().showLegend(true);
	if (manyLines && width >= 12) {
		return legend
			.displayMode(LegendDisplayMode.Table)
			.placement(LegendPlacement.Right)
			.calcs(["lastNotNull", "max"])
			.sortBy("Max")
			.sortDesc(true);
	}
	return legend
		.displayMode(LegendDisplayMode.List)
		.placement(LegendPlacement.Bottom)
		.calcs(manyLines ? [] : ["lastNotNull", "max"]);
}

function dashed(color: string, dash: readonly number[]) {
	return [
		{ id: "color", value: { mode: "fixed", fixedColor: color } },
		{ id: "custom.lineStyle", value: { fill: "dash", dash } },
		{ id: "custom.lineWidth", value: 2 },
		{ id: "custom.fillOpacity", value: 0 },
		{ id: "custom.showPoints", value: "never" },
		{ id: "custom.drawStyle", value: "line" },
	];
}
