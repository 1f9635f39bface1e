import {
	type DataFrame,
	type Field,
	FieldType,
	getFieldDisplayName,
} from "@grafana/data";
import { measureText } from "@grafana/ui";
import type { Drawing } from "./drawing.ts";
import { TimeAxis } from "./time-axis.tsx";

const axisHeight = 24;
const fontSize = 12;
const gap = 10;

interface Lane {
	readonly name: string;
	readonly field: Field;
	readonly times: readonly number[];
	/** Milliseconds that a sample stands for. */
	readonly step: number;
}

/** Lanes of what was when, as the panels "State timeline" and "Status history" have them. */
export function drawStateTimeline(drawing: Drawing) {
	const { width, height, frames, timeRange, theme } = drawing;
	const lanes = frames.flatMap((frame) => lanesOf(frame, frames));
	const from = timeRange.from.valueOf();
	const nameWidth =
		gap +
		Math.max(...lanes.map(({ name }) => measureText(name, fontSize).width));
	const scale = (width - nameWidth) / (timeRange.to.valueOf() - from);
	const laneHeight = Math.min(28, (height - axisHeight) / lanes.length);
	const x = (time: number) =>
		Math.max(nameWidth, Math.min(width, nameWidth + (time - from) * scale));
	return (
		<svg
			width={width}
			height={height}
			role="img"
			// As it was measured.
			style={{ letterSpacing: "normal" }}
		>
			<title>states over time</title>
			{lanes.map(({ name, field, times, step }, index) => (
				<g key={name} transform={`translate(0, ${index * laneHeight})`}>
					<text
						x={nameWidth - gap}
						y={laneHeight / 2}
						textAnchor="end"
						dominantBaseline="middle"
						fontSize={Math.min(fontSize, laneHeight - 2)}
						fill={theme.colors.text.secondary}
					>
						{name}
					</text>
					{spansOf(field, times, step).map(({ begin, end, value }) => {
						const shown = field.display?.(value);
						const left = x(begin);
						const wide = x(end) - left;
						return (
							<g key={begin}>
								<rect
									x={left}
									y={2}
									width={wide}
									height={laneHeight - 4}
									fill={shown?.color}
									fillOpacity={0.75}
								/>
								{shown && wide > 8 * shown.text.length && laneHeight > 14 && (
									<text
										x={left + 6}
										y={laneHeight / 2}
										dominantBaseline="middle"
										fontSize={11}
										fill={theme.colors.getContrastText(
											shown.color ?? theme.colors.background.primary,
										)}
									>
										{shown.text}
									</text>
								)}
							</g>
						);
					})}
				</g>
			))}
			<TimeAxis
				left={nameWidth}
				top={height - axisHeight}
				width={width - nameWidth}
				timeRange={timeRange}
				theme={theme}
			/>
		</svg>
	);
}

function lanesOf(frame: DataFrame, frames: DataFrame[]): Lane[] {
	const time = frame.fields.find(({ type }) => type === FieldType.time);
	return frame.fields
		.filter((field) => field !== time)
		.map((field) => ({
			name: getFieldDisplayName(field, frame, frames),
			field,
			times: time?.values ?? [],
			step: time?.config.interval ?? 0,
		}));
}

/** Samples of one text that follow each other are one. */
function spansOf(field: Field, times: readonly number[], step: number) {
	const spans: { begin: number; end: number; value: unknown }[] = [];
	times.forEach((time, index) => {
		const value: unknown = field.values[index];
		if (value === null || Number.isNaN(value)) return;
		const last = spans.at(-1);
		const isSame =
			last !== undefined &&
			last.end >= time &&
			field.display?.(last.value).text === field.display?.(value).text;
		if (isSame) last.end = time + step;
		else spans.push({ begin: time, end: time + step, value });
	});
	return spans;
}
