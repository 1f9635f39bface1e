import { withoutUser } from "./context.ts";
import type { Instrument, Labels } from "./metrics.ts";
import { isPrivate, isUserId, redacted, redactText } from "./redact.ts";

export type Tags = Readonly<Record<string, string | number | boolean>>;

/** Seconds, as the semantic conventions advise for `http.server.request.duration`. */
const secondBounds = [
	0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
/** Milliseconds; the thresholds of the alerts on response times are among them. */
const millisecondBounds = [
	1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2000, 5000, 10_000, 30_000,
];
/** For values whose size isn't known beforehand: a ratio, bytes, a score. */
const wideBounds = [
	0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1, 5, 10, 50, 100, 500, 1000, 10_000,
	100_000, 1_000_000, 10_000_000, 100_000_000,
];

export const serverDuration: Instrument = {
	name: "http.server.request.duration",
	unit: "s",
	bounds: secondBounds,
	few: true,
};

/** The contract's metrics of edge functions, in a namespace. */
export class Instruments {
	readonly #prefix: string;
	readonly requests: Instrument;
	readonly responses: Instrument;
	readonly processing: Instrument;
	readonly dropped: Instrument;

	constructor(namespace: string) {
		this.#prefix = `${namespace}_edge_`;
		this.requests = this.counter("requests", true);
		this.responses = this.counter("responses", true);
		this.processing = this.duration("request_processing", true);
		this.dropped = this.counter("telemetry_dropped", true);
	}

	/** `<prefix><name>_total` */
	counter(name: string, few = false): Instrument {
		return { name: `${this.#prefix}${name}_total`, few };
	}

	/** `<prefix><operation>_duration_ms`. It carries no unit: Prometheus would add a second one to the name. */
	duration(operation: string, few = false): Instrument {
		return {
			name: `${this.#prefix}${metricName(operation)}_duration_ms`,
			bounds: millisecondBounds,
			otherName: `${this.#prefix}other_duration_ms`,
			few,
		};
	}

	/** The user's own: a counter for what is counted, a histogram for what has a unit. */
	custom(name: string, unit = "count"): Instrument {
		const plain = metricName(name);
		const other = `${this.#prefix}other`;
		if (unit === "count") {
			const counter = this.counter(plain.replace(/_total$/, ""));
			return { ...counter, otherName: `${other}_total` };
		}
		return {
			name: this.#prefix + plain,
			unit: plain.endsWith(`_${unit}`) ? undefined : labelValue(unit),
			bounds: unit === "ms" ? millisecondBounds : wideBounds,
			otherName: other,
		};
	}
}

/** A name that Prometheus takes, of what a user calls it. */
export function metricName(name: unknown): string {
	return redactText(withoutUser(name), 64).replace(/[^a-zA-Z0-9_]+/g, "_");
}

/** A label's value, of what a user gives: short, and without what must not leave the isolate. */
export function labelValue(value: unknown): string {
	return redactText(withoutUser(value), 100);
}

/** A user's own labels, likewise. */
export function safeLabels(labels: Tags): Labels {
	const safe = Object.entries(labels).map(([key, value]) => {
		const hidden = isUserId(key) || isPrivate(key, value);
		const shown = hidden ? redacted : labelValue(value);
		return [metricName(key), shown] as const;
	});
	return Object.fromEntries(safe);
}
