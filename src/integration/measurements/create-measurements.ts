import type { Config } from "../../config/schema/schema.ts";
import { measureValue, targetOf } from "./measured-values.ts";
import type { Measurement } from "./measurement.ts";
import { type PackDependencies, recommenderPack } from "./recommender-pack.ts";

export type MeasurementsConfig = Pick<
	Config,
	"measurements" | "recommender" | "check_interval"
>;

/** What the configuration wants measured, but for `duration_of`: that is measured with each of the component's probes. */
export function createMeasurements(
	config: MeasurementsConfig,
	dependencies: PackDependencies,
): readonly Measurement[] {
	const { check_interval: defaultInterval } = config;
	const measurements = Object.entries(config.measurements)
		.filter(([, { duration_of }]) => duration_of === undefined)
		.map(([name, source]) =>
			measureValue(
				name,
				source.interval ?? defaultInterval,
				source,
				targetOf(name, source),
				dependencies,
			),
		);
	return [
		...measurements,
		...recommenderPack(config.recommender, defaultInterval, dependencies),
	];
}
