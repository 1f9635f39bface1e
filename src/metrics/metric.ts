/** The values a label may take: the listed ones, or at most so many different ones. */
export type LabelBound = readonly string[] | { readonly atMost: number };

export interface Metric {
	/** Prometheus name without the namespace, base unit and `_total` included: `db_size_bytes`. */
	readonly name: string;
	readonly kind: "gauge" | "counter" | "histogram";
	/** UCUM code: `s`, `By`, `%`, or an annotation such as `{connection}` for a count. */
	readonly unit: string;
	readonly help: string;
	readonly labels?: Readonly<Record<string, LabelBound>>;
	/** Upper bounds of a histogram's buckets, in `unit`. */
	readonly buckets?: readonly number[];
	/** How series become one when their labels fold into `other`; a sum unless told otherwise. */
	readonly fold?: "sum" | "max" | "min";
}

export type Labels = Readonly<Record<string, string>>;

/** One value that was read, of a metric of the catalogue. */
export interface Reading {
	readonly metric: Metric;
	readonly value: number;
	readonly labels: Labels;
	/** For a counter: when it stood at zero, in Unix milliseconds. */
	readonly since?: number;
}

/**
 * A reading of a gauge.
 * @throws RangeError if the value is not a finite number: a reading is measured or absent.
 */
export function gauge(
	metric: Metric,
	value: number,
	labels: Labels = {},
): Reading {
	return { metric, value: finite(metric, value), labels };
}

/**
 * A reading of a counter that something else keeps.
 * @param since when the counter stood at zero, in Unix milliseconds
 * @throws RangeError if the value is not a finite number
 */
export function counter(
	metric: Metric,
	value: number,
	since: number,
	labels: Labels = {},
): Reading {
	return { metric, value: finite(metric, value), labels, since };
}

function finite(metric: Metric, value: number): number {
	if (Number.isFinite(value)) return value;
	throw new RangeError(
		`${metric.name} was read as ${value}, which is not a number to report`,
	);
}
