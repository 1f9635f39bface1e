import type { Pool } from "pg";
import type { UserTraits } from "../../model/two-tower.ts";

/** All that Postgres knows for a recommendation to a user, at one moment. */
export interface UserState extends UserTraits {
	/** The state of the content embeddings, and the model that made them. */
	readonly generation: number;
	readonly model_version: number;
	/** The user's embedding by that model, if it was computed already. */
	readonly embedding: Buffer | null;
	/** The ranking of that generation, if it was computed already. */
	readonly content_ids: readonly number[] | null;
	readonly scores: readonly number[] | null;
}

/** @returns undefined where there is no such user */
export async function readUserState(
	pool: Pool,
	userId: string,
): Promise<UserState | undefined> {
	const { rows } = await pool.query<UserState>(
		`SELECT interests, region, published.generation, published.model_version,
			embedding, content_ids, scores
		FROM demo.users
		CROSS JOIN demo.published
		LEFT JOIN demo.user_embeddings tower
			ON tower.user_id = users.id AND tower.model_version = published.model_version
		LEFT JOIN demo.recommendation_cache cached
			ON cached.user_id = users.id AND cached.generation = published.generation
		WHERE users.id = $1`,
		[userId],
	);
	return rows[0];
}

export async function storeUserEmbedding(
	pool: Pool,
	userId: string,
	modelVersion: number,
	embedding: Buffer,
): Promise<void> {
	await pool.query(
		`INSERT INTO demo.user_embeddings (user_id, model_version, embedding)
		VALUES ($1, $2, $3)
		ON CONFLICT (user_id) DO UPDATE
		SET model_version = excluded.model_version, embedding = excluded.embedding,
			updated_at = excluded.updated_at`,
		[userId, modelVersion, embedding],
	);
}

export async function storeRanking(
	pool: Pool,
	userId: string,
	{ generation, model_version }: UserState,
	ranking: readonly { content_id: number; score: number }[],
): Promise<void> {
	await pool.query(
		`INSERT INTO demo.recommendation_cache (user_id, generation, model_version, content_ids, scores)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (user_id) DO UPDATE
		SET generation = excluded.generation, model_version = excluded.model_version,
			content_ids = excluded.content_ids, scores = excluded.scores,
			computed_at = excluded.computed_at`,
		[
			userId,
			generation,
			model_version,
			ranking.map(({ content_id }) => content_id),
			ranking.map(({ score }) => score),
		],
	);
}
