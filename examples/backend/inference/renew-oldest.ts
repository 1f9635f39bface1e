import type { Pool } from "pg";
import type { Recommender } from "./recommender.ts";

const usersAtATime = 20;

/** Renews the recommendations of those who have waited longest, so that most requests find them ready. */
export async function renewOldest(
	pool: Pool,
	recommender: Recommender,
): Promise<{ renewed: number }> {
	const { rows } = await pool.query<{ id: string }>(
		`SELECT id FROM demo.users
		LEFT JOIN demo.recommendation_cache ON user_id = id
		ORDER BY computed_at NULLS FIRST, id LIMIT $1`,
		[usersAtATime],
	);
	for (const { id } of rows) await recommender.recommend(id);
	return { renewed: rows.length };
}
