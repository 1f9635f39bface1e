import type { Metric } from "./metric.ts";

/** How well a recommender does, beside what `applicationMetrics` says of its model. */
export const recommenderMetrics = {
	emptyShare: {
		name: "recommender_empty_share",
		kind: "gauge",
		unit: "{share}",
		help: "Share of requests or users without any recommendation, from 0 to 1",
	},
	catalogueCoverage: {
		name: "recommender_catalogue_coverage",
		kind: "gauge",
		unit: "{share}",
		help: "Share of the catalogue that is recommended to anyone, from 0 to 1",
	},
	embeddingCoverage: {
		name: "recommender_embedding_coverage",
		kind: "gauge",
		unit: "{share}",
		help: "Share of the catalogue that has an embedding in use, from 0 to 1",
	},
	modelAge: {
		name: "recommender_model_age_seconds",
		kind: "gauge",
		unit: "s",
		help: "Time since the model in use was trained",
	},
	scoreDrift: {
		name: "recommender_score_psi",
		kind: "gauge",
		unit: "{index}",
		help: "Population Stability Index of the newest scores against the stored baseline: 0 for the same distribution, by custom below 0.1 no drift and above 0.25 a large one; absent until there is a baseline",
	},
	popularityGini: {
		name: "recommender_popularity_gini",
		kind: "gauge",
		unit: "{index}",
		help: "Gini index of how often each content was recommended, from 0 (all alike) to 1 (always the same one)",
	},
} satisfies Record<string, Metric>;
