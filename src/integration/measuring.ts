import { dirname, join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "../config/schema/schema.ts";
import { applicationMetrics } from "../metrics/application.ts";
import { integrationMetrics } from "../metrics/integration.ts";
import { measurementMetrics } from "../metrics/measurement.ts";
import type { Reading } from "../metrics/metric.ts";
import type { Running } from "../runtime.ts";
import type { CheckResult } from "./check.ts";
import { createMeasurements } from "./measurements/create-measurements.ts";
import type {
	Measurement,
	MeasurementResult,
} from "./measurements/measurement.ts";
import { recordSample } from "./record-sample.ts";
import type { Resources } from "./resources.ts";
import type { Task } from "./schedule/schedule.ts";

/** Runs measurements, and makes metrics and log lines of them. */
export class Measuring {
	readonly #running: Pick<Running, "board" | "instruments">;
	readonly #log: Logger;
	readonly #readings = new Map<Measurement, readonly Reading[]>();
	readonly #problems = new Map<Measurement, string>();
	/** Those that had a value since the start. */
	readonly #measured = new Set<Measurement>();
	/** Components whose probes' durations are recorded. */
	readonly #timed: ReadonlySet<string>;
	readonly tasks: readonly Task[];

	constructor(
		config: Config,
		{ sources }: Resources,
		running: Pick<Running, "board" | "instruments">,
		log: Logger,
	) {
		this.#running = running;
		this.#log = log;
		this.#timed = new Set(
			Object.values(config.measurements).flatMap(
				({ duration_of }) => duration_of ?? [],
			),
		);
		const baselinePath = join(
			dirname(config.history.path),
			"score-baseline.json",
		);
		const dependencies = { ...sources, baselinePath, log };
		this.tasks = createMeasurements(config, dependencies).map((measurement) =>
			this.#taskOf(measurement),
		);
		running.board.provide("measurements", () =>
			[...this.#readings.values()].flat(),
		);
	}

	/** Records how long an answer to a component's probe took, where that is a measurement. */
	takeProbe(name: string, { verdict, duration }: CheckResult): void {
		if (!this.#timed.has(name) || verdict.state !== "healthy") return;
		const { recommendationLatency } = applicationMetrics;
		this.#running.instruments.record(recommendationLatency, duration);
	}

	close(): void {
		this.#running.board.clear("measurements");
	}

	#taskOf(measurement: Measurement): Task {
		const { instruments } = this.#running;
		return {
			interval: measurement.interval,
			run: async (signal) => {
				const result = await measurement.run(signal);
				if (!signal.aborted) this.#take(measurement, result);
				return undefined;
			},
			onSkipped: () =>
				instruments.count(measurementMetrics.errors, {
					measurement: measurement.name,
				}),
			onBegin: (delay) =>
				instruments.record(integrationMetrics.checkDelay, delay),
		};
	}

	#take(measurement: Measurement, result: MeasurementResult): void {
		const { readings, samples, problem } = result;
		this.#readings.set(measurement, readings);
		for (const sample of samples)
			recordSample(this.#running.instruments, sample);
		this.#tell(measurement, problem);
	}

	#tell(measurement: Measurement, problem: string | undefined): void {
		const { name } = measurement;
		const before = this.#problems.get(measurement);
		// A problem that only differs in a number is the same one.
		const kind = problem?.replaceAll(/\d+/g, "#");
		const isFirst = !this.#measured.has(measurement);
		if (kind === undefined) this.#measured.add(measurement);
		if (kind === before) return;
		if (kind === undefined) {
			this.#problems.delete(measurement);
			this.#log.info(`${name} is measured${isFirst ? "" : " again"}`);
			return;
		}
		this.#problems.set(measurement, kind);
		// What has to come to be first is no fault.
		const isAwaited = isFirst && kind.startsWith("has no value");
		this.#log[isAwaited ? "info" : "warn"](`${name} ${problem}`);
	}
}
