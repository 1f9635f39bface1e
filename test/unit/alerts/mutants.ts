import type { Alert } from "./alert-files.ts";

export interface Mutant {
	readonly what: string;
	readonly expr: string;
	readonly for?: string | undefined;
}

const turned: Readonly<Record<string, string>> = {
	">": "<",
	"<": ">",
	">=": "<",
	"==": "!=",
};

/** A rule with one mistake, for each that can be made: a comparison turned round, a limit doubled, `for` left out, a label misspelt. */
export function mutantsOf(alert: Alert): Mutant[] {
	const at = (
		pattern: RegExp,
		what: string,
		change: (found: string) => string,
	): Mutant[] =>
		[...alert.expr.matchAll(pattern)].map(({ 0: found, index }) => ({
			what: `${what}: ${found} at ${index}`,
			for: alert.for,
			expr: `${alert.expr.slice(0, index)}${change(found)}${alert.expr.slice(index + found.length)}`,
		}));
	return [
		...at(
			/(?<=\s)(>=|==|>|<)(?=\s)/g,
			"turned",
			(operator) => turned[operator] ?? operator,
		),
		// Twice nothing is nothing.
		...at(/(?<=\s(?:>=|>|<)\s)(?!0(?![.\d]))\d[\d.e]*/g, "doubled", (limit) =>
			String(2 * Number(limit)),
		),
		...at(/scalar\(/g, "doubled", (limit) => `2 * ${limit}`),
		...at(
			/(?<=\(\)\n)min by \(instance\) \(adult_matching_alert_threshold\{[^}]*\}\)/g,
			"doubled",
			(limit) => `(2 * ${limit})`,
		),
		...(alert.for === undefined
			? []
			: [{ what: "`for` left out", expr: alert.expr }]),
		...at(/(?<=[{,])\w+(?==)/g, "misspelt", misspelt),
		...at(/(?<=\b(?:by|on|group_left) \([^)]*)\w+/g, "misspelt", misspelt),
	];
}

function misspelt(label: string): string {
	return `${label}x`;
}
