import type { RecommenderConfig } from "../../config/schema/measurement.ts";
import { gauge } from "../../metrics/metric.ts";
import { recommenderMetrics } from "../../metrics/recommender.ts";
import { type BaselineLog, ScoreBaseline } from "../recommender/baseline.ts";
import { gini } from "../recommender/statistics.ts";
import type { SourceDependencies } from "../values/source-reader.ts";
import { measureRows, mostRows } from "./measured-rows.ts";
import { measureValue, type Target } from "./measured-values.ts";
import type { Measurement, Taken } from "./measurement.ts";

export interface PackDependencies extends SourceDependencies {
	/** File of the scores' baseline. */
	readonly baselinePath: string;
	readonly log: BaselineLog;
}

const values = {
	empty_recommendations: {
		metric: recommenderMetrics.emptyShare,
		kind: "share",
	},
	catalogue_coverage: {
		metric: recommenderMetrics.catalogueCoverage,
		kind: "share",
	},
	embedding_coverage: {
		metric: recommenderMetrics.embeddingCoverage,
		kind: "share",
	},
	model_age: { metric: recommenderMetrics.modelAge, kind: "age" },
} as const satisfies Readonly<Partial<Record<keyof RecommenderConfig, Target>>>;

const valueKeys = [
	"empty_recommendations",
	"catalogue_coverage",
	"embedding_coverage",
	"model_age",
] as const;

/** The parts of the health pack for recommenders that the configuration has, by the names of its keys. */
export function recommenderPack(
	config: RecommenderConfig,
	defaultInterval: number,
	dependencies: PackDependencies,
): Measurement[] {
	const ofValues = valueKeys.flatMap((key) => {
		const source = config[key];
		if (source === undefined) return [];
		const { interval = defaultInterval } = source;
		const name = `recommender_${key}`;
		return measureValue(name, interval, source, values[key], dependencies);
	});
	const { score_drift: drift, popularity } = config;
	return [
		...ofValues,
		...(drift ? [measureDrift(drift, defaultInterval, dependencies)] : []),
		...(popularity
			? [measurePopularity(popularity, defaultInterval, dependencies)]
			: []),
	];
}

function measureDrift(
	config: NonNullable<RecommenderConfig["score_drift"]>,
	defaultInterval: number,
	{ database, baselinePath, log }: PackDependencies,
): Measurement {
	const { interval = defaultInterval, baseline_size: size, sql } = config;
	const baseline = new ScoreBaseline({
		path: baselinePath,
		size,
		query: sql,
		log,
	});
	const take = async (scores: readonly number[]): Promise<Taken> => {
		const drift = await baseline.compare(scores);
		switch (drift.kind) {
			case "drift":
				return {
					readings: [gauge(recommenderMetrics.scoreDrift, drift.index)],
				};
			case "begun":
				return {};
			case "none":
				return { problem: `has no value: the scores ${drift.reason}` };
		}
	};
	const most = Math.max(mostRows, size);
	const name = "recommender_score_drift";
	return measureRows(name, interval, config, most, database, take);
}

function measurePopularity(
	config: NonNullable<RecommenderConfig["popularity"]>,
	defaultInterval: number,
	{ database }: PackDependencies,
): Measurement {
	const take = (counts: readonly number[]): Taken => {
		if (counts.some((count) => count < 0)) {
			return { problem: "has counts below 0" };
		}
		const index = gini(counts);
		return index === undefined
			? { problem: "has no value: nothing was recommended" }
			: { readings: [gauge(recommenderMetrics.popularityGini, index)] };
	};
	const { interval = defaultInterval } = config;
	const name = "recommender_popularity";
	return measureRows(name, interval, config, mostRows, database, take);
}
