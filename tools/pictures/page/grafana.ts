import {
	applyFieldOverrides,
	cacheFieldDisplayNames,
	type DataFrame,
	FieldColorModeId,
	FieldConfigOptionsRegistry,
	type FieldConfigPropertyItem,
	type FieldConfigSource,
	type GrafanaTheme2,
	standardTransformers,
	standardTransformersRegistry,
	ThresholdsMode,
	transformDataFrame,
} from "@grafana/data";
import { firstValueFrom } from "rxjs";
import type { Panel } from "../picture.ts";

const standard = [
	"displayName",
	"unit",
	"min",
	"max",
	"decimals",
	"noValue",
	"mappings",
	"thresholds",
	"color",
	"links",
	"fieldMinMax",
];

standardTransformersRegistry.setInit(() =>
	// One of them has two names.
	[...new Set(Object.values(standardTransformers))].map((transformer) => ({
		...transformer,
		// Some are loaded only when they are needed.
		transformation: async () => transformer,
		editor: () => null,
		imageDark: "",
		imageLight: "",
	})),
);

export async function transformed(
	transformations: Parameters<typeof transformDataFrame>[0],
	frames: DataFrame[],
): Promise<DataFrame[]> {
	return firstValueFrom(transformDataFrame(transformations, frames));
}

/** What Grafana takes where a panel says nothing. */
const usualConfig: FieldConfigSource["defaults"] = {
	color: { mode: FieldColorModeId.Thresholds },
	thresholds: {
		mode: ThresholdsMode.Absolute,
		steps: [
			{ value: -Infinity, color: "green" },
			{ value: 80, color: "red" },
		],
	},
};
const usualOfGraphs = {
	...usualConfig,
	color: { mode: FieldColorModeId.PaletteClassic },
};

export function fieldConfigOf({ type, fieldConfig }: Panel): FieldConfigSource {
	const usual = type === "timeseries" ? usualOfGraphs : usualConfig;
	return {
		defaults: { ...usual, ...fieldConfig?.defaults },
		overrides: fieldConfig?.overrides ?? [],
	};
}

/** Gives the fields of frames what the panel says of their units, colours, names and so on. */
export function configured(
	data: DataFrame[],
	fieldConfig: FieldConfigSource,
	theme: GrafanaTheme2,
): DataFrame[] {
	const frames = applyFieldOverrides({
		data,
		fieldConfig,
		theme,
		replaceVariables: (text) => text,
		timeZone: "utc",
		fieldConfigRegistry: registryFor(fieldConfig),
	});
	cacheFieldDisplayNames(frames);
	return frames;
}

/** Grafana's own registry is a part of its application: this one takes every property that the panel has. */
function registryFor({
	defaults,
	overrides,
}: FieldConfigSource): FieldConfigOptionsRegistry {
	const custom = new Set([
		...Object.keys(defaults.custom ?? {}),
		...overrides
			.flatMap(({ properties }) => properties.map(({ id }) => id))
			.filter((id) => id.startsWith("custom."))
			.map((id) => id.slice("custom.".length)),
	]);
	return new FieldConfigOptionsRegistry(() => [
		...standard.map((id) => property(id, id, false)),
		...[...custom].map((path) => property(`custom.${path}`, path, true)),
	]);
}

function property(
	id: string,
	path: string,
	isCustom: boolean,
): FieldConfigPropertyItem {
	return {
		id,
		path,
		isCustom,
		name: id,
		editor: () => null,
		override: () => null,
		process: (value) => value,
		shouldApply: () => true,
	};
}
