/** The signals whose warning must come before their critical limit, and which way that is. */
const pairs: readonly { signal: string; better: "lower" | "higher" }[] = [
	{ signal: "cpu", better: "lower" },
	{ signal: "memory", better: "lower" },
	{ signal: "disk", better: "lower" },
	{ signal: "response_time", better: "lower" },
	{ signal: "error_rate", better: "lower" },
	{ signal: "uptime", better: "higher" },
];

export interface OrderMistake {
	readonly key: string;
	readonly sentence: string;
}

/** Warning limits that would not be reached before their critical ones. */
export function mistakenOrder(
	thresholds: Readonly<Record<string, number>>,
): OrderMistake[] {
	return pairs.flatMap(({ signal, better }) => {
		const warning = thresholds[`${signal}_warning`];
		const critical = thresholds[`${signal}_critical`];
		if (warning === undefined || critical === undefined) return [];
		if (better === "lower" ? warning < critical : warning > critical) return [];
		const side = better === "lower" ? "below" : "above";
		return [
			{
				key: `${signal}_warning`,
				sentence: `${warning} is not ${side} ${signal}_critical, which is ${critical}`,
			},
		];
	});
}
