import type { Pool } from "pg";
import { listedAt, listedIds } from "../../source/contents.ts";

export interface SourceNews {
	/** Contents that the source lists. */
	readonly listed: number;
	/** When the newest of them was listed. */
	readonly newest_listed_at: Date;
}

/** What the source itself has now, whether it was taken over or not. */
export async function sourceNews(pool: Pool): Promise<SourceNews> {
	const { rows } = await pool.query<{ began_at: Date; age: number }>(
		`SELECT began_at, extract(epoch FROM least(now(), ended_at) - began_at)::float8 AS age
		FROM demo.source`,
	);
	const [row] = rows;
	if (!row) throw new Error("demo.source is empty: examples/seed.ts fills it");
	const ids = listedIds(row.age);
	const newest = Math.max(...ids.map(listedAt));
	return {
		listed: ids.length,
		newest_listed_at: new Date(row.began_at.getTime() + newest * 1000),
	};
}
