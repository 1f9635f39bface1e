import {
	BigValueColorMode,
	BigValueGraphMode,
	BigValueTextMode,
	ReduceDataOptionsBuilder,
	VizOrientation,
	VizTextDisplayOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/stat";
import * as units from "@grafana/grafana-foundation-sdk/units";
import {
	type Count,
	type Meanings,
	mappingOf,
	mappingOfCounts,
} from "../states.ts";
import type { Language } from "../text.ts";
import { type About, introduce, type Panel } from "./about.ts";
import { atTheEnd, letter, type Query } from "./query.ts";

/** One number, or one of each series. */
export interface Value extends Query {
	/** For a number that stands for a state. */
	readonly meanings?: Meanings;
	/** For a number of things of which there should be none. */
	readonly count?: Count;
	readonly unit?: string;
	readonly decimals?: number;
}

/** How things are now. */
export function stat(about: About & { values: readonly Value[] }): Panel {
	return (language) => {
		const panel = introduce(new PanelBuilder(), about, language)
			.unit(units.NoUnit)
			.decimals(0)
			.graphMode(BigValueGraphMode.None)
			.colorMode(BigValueColorMode.Value)
			.textMode(BigValueTextMode.ValueAndName)
			.orientation(VizOrientation.Auto)
			.text(new VizTextDisplayOptionsBuilder().titleSize(14).valueSize(20))
			// Else a name and its value stand beside each other, where neither has room.
			.wideLayout(false)
			.reduceOptions(
				new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false),
			);
		for (const [index, value] of about.values.entries()) {
			const refId = letter(index);
			panel.withTarget(atTheEnd(value, refId, language));
			panel.overrideByQuery(refId, propertiesOf(value, language));
		}
		return panel;
	};
}

function propertiesOf(value: Value, language: Language) {
	const { unit, decimals } = value;
	const mappings = mappingsOf(value, language);
	return [
		{ id: "color", value: { mode: "fixed", fixedColor: "text" } },
		...(mappings ? [{ id: "mappings", value: mappings }] : []),
		...(unit ? [{ id: "unit", value: unit }] : []),
		...(decimals !== undefined ? [{ id: "decimals", value: decimals }] : []),
	];
}

function mappingsOf(
	{ meanings, count }: Value,
	language: Language,
): ValueMapping[] | undefined {
	if (meanings) return mappingOf(meanings, language);
	if (count) return mappingOfCounts(count, language);
	return undefined;
}
