import type { ConfigInput } from "../../../src/config/schema/schema.ts";

/** Seconds between two readings of what takes Postgres more than a look at an index. */
const interval = 60;

const newestMeasured = (column: string) =>
	`SELECT ${column} FROM demo.models WHERE ${column} IS NOT NULL ORDER BY version DESC LIMIT 1`;

export const measurements: NonNullable<ConfigInput["measurements"]> = {
	ml_model_accuracy: { sql: newestMeasured("accuracy") },
	data_quality_score: { sql: newestMeasured("data_quality") },
	user_activity_rate: {
		sql: `SELECT count(*) / 5.0 FROM demo.user_actions
			WHERE NOT synthetic AND acted_at > now() - interval '5 minutes'`,
	},
	recommendation_latency_seconds: { duration_of: "enhanced_recommendations" },
};

export const recommender: NonNullable<ConfigInput["recommender"]> = {
	// Of the last hour, which is all that is kept. Who asks does not matter here.
	empty_recommendations: {
		sql: `SELECT avg((items = 0)::int) FROM demo.user_actions
			WHERE action = 'view_recommendations'`,
		interval,
	},
	catalogue_coverage: {
		sql: `SELECT count(recommended.id)::float8 / nullif(count(*), 0) FROM demo.contents
			LEFT JOIN (
				SELECT DISTINCT unnest(content_ids) AS id FROM demo.recommendation_cache
			) recommended ON recommended.id = contents.id`,
		interval,
	},
	embedding_coverage: {
		sql: `SELECT count(content_id)::float8 / nullif(count(*), 0) FROM demo.contents
			CROSS JOIN demo.published
			LEFT JOIN demo.content_embeddings stored
				ON content_id = contents.id AND stored.model_version = published.model_version`,
		interval,
	},
	// The model before any training has no age.
	model_age: {
		sql: `SELECT trained_at FROM demo.models JOIN demo.published ON model_version = version
			WHERE accuracy IS NOT NULL`,
	},
	// Of the newest hundred rankings of trained models, which have fifty scores each.
	score_drift: {
		sql: `SELECT unnest(scores) FROM (
				SELECT scores FROM demo.recommendation_cache WHERE model_version > 0
				ORDER BY computed_at DESC LIMIT 100
			) newest`,
		baseline_size: 5000,
		interval,
	},
	popularity: {
		sql: `SELECT count(ranked.id) FROM demo.contents
			LEFT JOIN (
				SELECT unnest(content_ids) AS id FROM demo.recommendation_cache
			) ranked ON ranked.id = contents.id
			GROUP BY contents.id`,
		interval,
	},
};
