import {
	type FieldDisplay,
	getDisplayValueAlignmentFactors,
	getFieldDisplayValues,
	VizOrientation,
} from "@grafana/data";
import {
	BigValueColorMode,
	BigValueGraphMode,
	BigValueJustifyMode,
	BigValueTextMode,
} from "@grafana/schema";
import {
	BigValue,
	VizRepeater,
	type VizRepeaterRenderValueProps,
} from "@grafana/ui";
import type { Drawing } from "./drawing.ts";
import { choice, objectOf } from "./options.ts";

type Factors = ReturnType<typeof getDisplayValueAlignmentFactors>;
type Value = VizRepeaterRenderValueProps<FieldDisplay, Factors>;

export function drawStat(drawing: Drawing) {
	const { width, height, frames, options, fieldConfig, theme } = drawing;
	const graphMode = choice(BigValueGraphMode, options.graphMode, "area");
	const getValues = () =>
		getFieldDisplayValues({
			data: frames,
			fieldConfig,
			theme,
			sparkline: graphMode !== BigValueGraphMode.None,
			timeZone: "utc",
			replaceVariables: (text) => text,
			reduceOptions: {
				calcs: ["lastNotNull"],
				...objectOf(options.reduceOptions),
			},
		});
	return (
		<VizRepeater
			getValues={getValues}
			getAlignmentFactors={getDisplayValueAlignmentFactors}
			renderValue={({
				value: { display, sparkline },
				orientation,
				...place
			}: Value) => (
				<BigValue
					{...place}
					value={display}
					sparkline={sparkline}
					theme={theme}
					colorMode={choice(BigValueColorMode, options.colorMode, "value")}
					graphMode={graphMode}
					text={objectOf(options.text)}
					justifyMode={choice(BigValueJustifyMode, options.justifyMode, "auto")}
					textMode={choice(BigValueTextMode, options.textMode, "auto")}
					disableWideLayout={options.wideLayout === false}
				/>
			)}
			width={width}
			height={height}
			source={frames}
			renderCounter={0}
			autoGrid
			orientation={choice(VizOrientation, options.orientation, "auto")}
		/>
	);
}
