export interface Sample {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

/** The samples of a text in Prometheus' format. */
export function samplesOf(text: string): Sample[] {
	return text
		.split("\n")
		.filter((line) => line !== "" && !line.startsWith("#"))
		.map((line) => {
			const [, name = "", labels = "", value] =
				/^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
			const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
			return {
				name,
				labels: Object.fromEntries(pairs.map(([, key, text]) => [key, text])),
				value: Number(value),
			};
		});
}

/** The value of a series; `undefined` if it is not there. */
export function sampleValue(
	text: string,
	name: string,
	labels: Readonly<Record<string, string>> = {},
): number | undefined {
	return samplesOf(text).find(
		(sample) =>
			sample.name === name &&
			Object.entries(labels).every(
				([key, value]) => sample.labels[key] === value,
			),
	)?.value;
}
