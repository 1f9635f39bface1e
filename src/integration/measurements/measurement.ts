import { measurementMetrics } from "../../metrics/measurement.ts";
import { gauge, type Reading } from "../../metrics/metric.ts";
import type { Sample } from "../check.ts";

/** Measures something that is no component and has no state, again and again. */
export interface Measurement {
	readonly name: string;
	/** Seconds between two runs. */
	readonly interval: number;
	/** Never rejects: what goes wrong is a problem. */
	run(signal: AbortSignal): Promise<MeasurementResult>;
}

export interface MeasurementResult {
	/** Reported until the next run: the value, if there is one, and whether there is. */
	readonly readings: readonly Reading[];
	/** Recorded once: values for a histogram, and what is added to the counter of errors, which may be 0. */
	readonly samples: readonly Sample[];
	/** Completes "<name> …": why there is no value. */
	readonly problem?: string | undefined;
	/** Where the trace of this run is found, if traces are kept. */
	readonly traceId?: string | undefined;
	/** Seconds. */
	readonly duration: number;
}

/** What one run brings, without what is said of every one. */
export type Taken = Partial<
	Pick<MeasurementResult, "readings" | "samples" | "problem" | "traceId">
>;

/** @param take reads the value */
export function createMeasurement(
	name: string,
	interval: number,
	take: (signal: AbortSignal) => Promise<Taken>,
): Measurement {
	return {
		name,
		interval,
		async run(signal) {
			const start = performance.now();
			const taken = await take(signal).catch(mistake);
			const duration = (performance.now() - start) / 1000;
			const { problem, traceId, readings = [], samples = [] } = taken;
			const labels = { measurement: name };
			const failed = problem !== undefined;
			const { success, errors } = measurementMetrics;
			return {
				readings: [...readings, gauge(success, failed ? 0 : 1, labels)],
				samples: [
					...samples,
					{ metric: errors, value: failed ? 1 : 0, labels },
				],
				problem,
				traceId,
				duration,
			};
		},
	};
}

/** One of ours: what went wrong outside is told as a problem. */
function mistake(error: unknown): Taken {
	const kind = error instanceof Error ? error.name : typeof error;
	return { problem: `could not be measured: ${kind}` };
}
