/** Seconds between two samples, as `timeInterval` of the data source in grafana/provisioning says. */
export const usualInterval = 15;
/** About as many as a panel of half a screen has pixels. */
const maxDataPoints = 1000;

/** Steps that Grafana takes, each up to a limit, in seconds: `roundInterval` of @grafana/data, from 15 s to 1 h. */
const steps: readonly (readonly [limit: number, step: number])[] = [
	[17.5, 15],
	[25, 20],
	[45, 30],
	[90, 60],
	[210, 120],
	[450, 300],
	[750, 600],
	[1050, 900],
	[1500, 1200],
	[2700, 1800],
	[5400, 3600],
];

export interface TimeRange {
	readonly name: string;
	readonly seconds: number;
	/** Seconds between two samples: no step is smaller. */
	readonly interval: number;
}

/** The ranges that a dashboard has to work at. */
export const timeRanges = timeRangesAt(usualInterval);

export function timeRangesAt(interval: number): TimeRange[] {
	return [
		{ name: "15 min", seconds: 900, interval },
		{ name: "24 h", seconds: 86_400, interval },
		{ name: "15 d", seconds: 15 * 86_400, interval },
	];
}

/** Seconds from one point of a graph to the next, of which its panel may say how many they are at least. */
export function stepOf({ seconds, interval }: TimeRange, least = 0): number {
	const exact = Math.max(seconds / maxDataPoints, interval, least);
	const found = steps.find(([limit]) => exact < limit);
	if (found === undefined) throw new Error(`too long a range: ${seconds} s`);
	return found[1];
}

/** What each variable of a dashboard stands for, ready for a query. */
export type Values = Readonly<Record<string, string>>;

/** A query of a panel as Grafana sends it. */
export function fillIn(
	query: string,
	range: TimeRange,
	variables: Values,
	leastStep = 0,
): string {
	return substitute(query, { ...variables, ...ownValues(range, leastStep) });
}

/** @throws Error if there is a variable that is not known */
export function substitute(text: string, values: Values): string {
	return text.replaceAll(
		// `$1` is what a function's pattern has found.
		/\$(?:\{(\w+)(?::\w+)?\}|([a-z_]\w*))/g,
		(variable, inBraces, bare) => {
			const value = values[inBraces ?? bare];
			if (value === undefined) throw new Error(`what is ${variable}? ${text}`);
			return value;
		},
	);
}

/** The variables of a query. */
export function variablesIn(query: string): string[] {
	const names = [...query.matchAll(/\$\{?([a-z_]\w*)/g)].map(
		([, name = ""]) => name,
	);
	return [...new Set(names.filter((name) => !name.startsWith("__")))];
}

/** One value as a matcher with `=~` takes it. */
export function asRegex(value: string): string {
	return value.replaceAll(/[$^*{}[\]+?.()|\\]/g, "\\\\$&");
}

function ownValues(range: TimeRange, leastStep: number): Values {
	const step = stepOf(range, leastStep);
	const { seconds, interval } = range;
	const rate = Math.max(step + interval, 4 * interval);
	return {
		__interval: `${step}s`,
		__interval_ms: `${step * 1000}`,
		__rate_interval: `${rate}s`,
		__range: `${seconds}s`,
		__range_s: `${seconds}`,
		__range_ms: `${seconds * 1000}`,
	};
}
