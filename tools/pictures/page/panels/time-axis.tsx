import type { GrafanaTheme2, TimeRange } from "@grafana/data";

interface Props {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly timeRange: TimeRange;
	readonly theme: GrafanaTheme2;
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440].map(
	(minutes) => minutes * 60_000,
);
const pixelsOfLabel = 70;

/** Round times below a graph. */
export function TimeAxis({ left, top, width, timeRange, theme }: Props) {
	const from = timeRange.from.valueOf();
	const length = timeRange.to.valueOf() - from;
	const step =
		steps.find((each) => (length / each) * pixelsOfLabel < width) ?? length;
	const first = Math.ceil(from / step) * step;
	const times = Array.from(
		{ length: Math.floor((from + length - first) / step) + 1 },
		(_, index) => first + index * step,
	);
	const places = times.map((time) => ({
		time,
		x: ((time - from) / length) * width,
	}));
	const isWhole = (x: number) =>
		x > pixelsOfLabel / 4 && x < width - pixelsOfLabel / 4;
	return places
		.filter(({ x }) => isWhole(x))
		.map(({ time, x }) => (
			<text
				key={time}
				x={left + x}
				y={top + 14}
				textAnchor="middle"
				fontSize={12}
				fill={theme.colors.text.secondary}
			>
				{new Date(time).toISOString().slice(11, 16)}
			</text>
		));
}
