/** How much shorter things are of which the rules speak. */
export interface Scale {
	/** Seconds that are a minute. */
	readonly minute: number;
	/** Transaction ids that are a billion: a real database uses up a thousand in a second. */
	readonly billion: number;
	/** Probes of a component that are enough to call it slow: in seconds there are few that take seconds. */
	readonly probes: number;
	/** Seconds that a condition has to hold, by the minutes of its rule. */
	holding(minutes: number): number;
}

/** So that a fault becomes an alert in seconds. */
const short: Scale = {
	minute: 1,
	billion: 1000,
	probes: 1,
	holding: () => 2,
};

/** So that what is to fire first does so. No condition has to hold longer than a quarter of an hour. */
export const inOrder: Scale = {
	minute: 3,
	billion: 1e9,
	probes: 5,
	holding: (minutes) => 3 * Math.min(minutes, 15),
};

/** Samples come each second: in less than this a rate has too few of them, and a pause of a busy machine is a gap. */
const shortestRange = 10;

const minutesOf = { m: 1, h: 60, d: 1440 } as const;

function isUnit(text: string): text is keyof typeof minutesOf {
	return text in minutesOf;
}

function minutes(count: string, unit: string): number {
	if (!isUnit(unit)) throw new Error(`not a unit of time: ${unit}`);
	return Number(count) * minutesOf[unit];
}

/** The text of a file of rules in which only time is scaled, and the numbers that hang on it. */
export function scaledRules(rules: string, scale: Scale = short): string {
	const { minute, holding } = scale;
	const seconds = (count: string, unit: string) =>
		minutes(count, unit) * minute;
	const scaled = rules
		.replaceAll(
			/^(\s+(?:for|keep_firing_for)): (\d+)([mhd])$/gm,
			(_, key, count, unit) => `${key}: ${holding(minutes(count, unit))}s`,
		)
		.replaceAll(/^(\s+interval): 1m$/gm, `$1: ${minute}s`)
		// What was there a day ago was there half a minute ago.
		.replaceAll("[2h] offset 23h", `[${20 * minute}s] offset ${20 * minute}s`)
		.replaceAll(/\[(\d+)([mhd])(?=[\] ])/g, (_, count, unit) => {
			return `[${Math.max(shortestRange, seconds(count, unit))}s`;
		})
		// The step of a subquery.
		.replaceAll(/:1m\]/g, `:${minute}s]`)
		.replaceAll(
			/offset (\d+)([mhd])/g,
			(_, count, unit) => `offset ${seconds(count, unit)}s`,
		);
	return withLateTicks(withNumbers(scaled, scale));
}

/**
 * Rules that take no late round for a missed one: Prometheus evaluates each second here, so a busy machine is late by a round that
 * 15 seconds would forgive. prometheus/tests/pipeline.yaml proves this half of PrometheusRulesFailing.
 */
export function withLateTicks(rules: string): string {
	const missed = "increase(prometheus_rule_group_iterations_missed_total";
	return rules.replaceAll(missed, `0 * ${missed}`);
}

/** What is an age or a time in an expression: the alert's name or a metric says which number is meant. */
function withNumbers(
	rules: string,
	{ minute, billion, probes }: Scale,
): string {
	const seconds = (digits: string) => `${(Number(digits) * minute) / 60}`;
	return (
		rules
			.replaceAll(/(?<=\* )3600(?=\))/g, seconds)
			.replaceAll(/(?<=db_longest_\w+_seconds > )\d+/g, seconds)
			.replaceAll(/(?<=db_standby_lag_seconds\) > )\d+/g, seconds)
			.replaceAll(/(?<=last_check_timestamp_seconds\) > )\d+/g, seconds)
			// A sample of these stands for the interval of its group, a minute.
			.replaceAll(/60(?= \* sum_over_time)/g, seconds)
			.replaceAll(
				/(?<=db_wraparound_age_\w+ > )([\d.]+)e9/g,
				(_, billions) => `${Number(billions) * billion}`,
			)
			.replaceAll(
				/(?<=probe_duration_seconds_count\[\w+\]\)\s+\) >= )5/g,
				`${probes}`,
			)
	);
}
