import {
	type DataFrame,
	type Field,
	FieldType,
	formattedValueToString,
	getValueFormat,
} from "@grafana/data";
import { interpolateViridis } from "d3-scale-chromatic";
import { isOfRequests } from "../frames.ts";
import type { Drawing } from "./drawing.ts";
import { objectOf } from "./options.ts";
import { TimeAxis } from "./time-axis.tsx";

const left = 70;
const axisHeight = 24;

/** Buckets over time; the stronger the colour, the more fell into one. */
export function drawHeatmap(drawing: Drawing) {
	const { width, height, frames, options, timeRange, theme } = drawing;
	const fields = frames.find((frame) => !isOfRequests(frame))?.fields ?? [];
	const time = fields.find(({ type }) => type === FieldType.time);
	const buckets = filled(fields.filter((field) => field !== time));
	const from = timeRange.from.valueOf();
	const scale = (width - left) / (timeRange.to.valueOf() - from);
	const wide = (time?.config.interval ?? 0) * scale;
	const high = (height - axisHeight) / buckets.length;
	const most = Math.max(...buckets.flatMap(({ values }) => values));
	const { scheme } = objectOf(options.color);
	if (scheme !== "Viridis") throw new Error(`what is the scheme ${scheme}?`);
	const unit = getValueFormat(String(objectOf(options.yAxis).unit ?? "short"));
	return (
		<svg width={width} height={height} role="img">
			<title>buckets over time</title>
			{buckets.map((bucket, index) => {
				const top = (buckets.length - 1 - index) * high;
				const bound = boundOf(bucket);
				const label = Number.isFinite(bound)
					? formattedValueToString(unit(bound))
					: "+Inf";
				return (
					<g key={bucket.name}>
						<text
							x={left - 6}
							y={top + high / 2}
							textAnchor="end"
							dominantBaseline="middle"
							fontSize={Math.min(12, high - 1)}
							fill={theme.colors.text.secondary}
						>
							{label}
						</text>
						{bucket.values.map(
							(value: number, at: number) =>
								value > 0 && (
									<rect
										key={time?.values[at]}
										x={Math.max(
											left,
											left + (time?.values[at] - from) * scale - wide,
										)}
										y={top + 0.5}
										width={Math.max(1, wide - 1)}
										height={high - 1}
										fill={interpolateViridis(value / most)}
									/>
								),
						)}
					</g>
				);
			})}
			{requestsIn(frames).map(({ time, value }) => {
				const bucket = buckets.findIndex((each) => value <= boundOf(each));
				return (
					bucket >= 0 && (
						<circle
							key={`${time} ${value}`}
							cx={left + (time - from) * scale}
							cy={(buckets.length - 0.5 - bucket) * high}
							r={3}
							fill={String(objectOf(options.exemplars).color)}
						/>
					)
				);
			})}
			<TimeAxis
				left={left}
				top={height - axisHeight}
				width={width - left}
				timeRange={timeRange}
				theme={theme}
			/>
		</svg>
	);
}

function requestsIn(frames: readonly DataFrame[]) {
	return frames.filter(isOfRequests).flatMap(({ fields, length }) => {
		const [times, values] = fields;
		return Array.from({ length }, (_, index) => ({
			time: Number(times?.values[index]),
			value: Number(values?.values[index]),
		}));
	});
}

function boundOf({ name }: Field): number {
	return Number(name.replace("Inf", "Infinity"));
}

/** Without the empty buckets above and below all that there is. */
function filled(buckets: readonly Field[]): readonly Field[] {
	const isFilled = ({ values }: Field) => values.some((value) => value > 0);
	const first = buckets.findIndex(isFilled);
	return buckets.slice(Math.max(0, first), buckets.findLastIndex(isFilled) + 1);
}
