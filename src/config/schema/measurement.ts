import type { z } from "zod";
import { checkShape } from "./check.ts";
import {
	hasOneSource,
	type Source,
	sourceError,
	sourceShape,
} from "./source.ts";
import { mapping, name, sql, text, wholeNumber } from "./values.ts";

const measurementShape = {
	...sourceShape,
	interval: checkShape.interval,
};

/** A value that becomes a gauge; or the durations of a component's probes, that become a histogram. */
export const measurement = mapping({
	...measurementShape,
	duration_of: name()
		.optional()
		.describe(
			"Instead of a source, for `recommendation_latency_seconds`: the component whose probes' durations are recorded.",
		),
	help: text("a sentence on one line", 300).optional(),
})
	.refine(
		({ duration_of, ...source }) =>
			duration_of === undefined ? hasOneSource(source) : isEmpty(source),
		{
			error: "a mapping with either sql, or request and json, or duration_of",
		},
	)
	.meta({ id: "measurement" });

const share = mapping(measurementShape)
	.refine(hasOneSource, { error: sourceError })
	.meta({ id: "value" });

const rows = mapping({
	sql: sql().describe("A query of one column of numbers, run read-only."),
	interval: checkShape.interval,
	timeout: sourceShape.timeout,
}).meta({ id: "numbers" });

/** The health pack for recommenders: each part has its own source, and may be left out. */
export const recommender = mapping({
	empty_recommendations: share
		.optional()
		.describe("Share of requests or users without any recommendation, 0 to 1."),
	catalogue_coverage: share
		.optional()
		.describe("Share of the catalogue that is recommended to anyone, 0 to 1."),
	embedding_coverage: share
		.optional()
		.describe("Share of the catalogue that has an embedding in use, 0 to 1."),
	model_age: share
		.optional()
		.describe("When the model in use was trained: a time, or seconds ago."),
	score_drift: rows
		.extend({
			baseline_size: wholeNumber(100, 1_000_000, "scores")
				.default(1000)
				.describe("Scores that the first baseline is made of at least."),
		})
		.optional()
		.describe(
			"Scores of the newest recommendations; their Population Stability Index against a stored baseline is reported.",
		),
	popularity: rows
		.optional()
		.describe(
			"How often each content was recommended; the Gini index of it is reported.",
		),
});

function isEmpty({ sql, request, json }: Source): boolean {
	return sql === undefined && request === undefined && json === undefined;
}

export type MeasurementConfig = z.output<typeof measurement>;
export type RecommenderConfig = z.output<typeof recommender>;
