import type { Pool } from "pg";
import { inTransaction } from "../../database/database.ts";
import type { Models } from "../../database/models.ts";
import { embedContents } from "./embed-contents.ts";
import { forgetOld } from "./forget-old.ts";
import { takeContents } from "./take-contents.ts";

export interface Refreshed {
	/** Contents that the source lists. */
	readonly listed: number;
	/** Contents that came, and that went. */
	readonly added: number;
	readonly withdrawn: number;
	/** Contents whose embeddings were computed. */
	readonly embedded: number;
	readonly model_version: number;
}

/** Brings contents, ratings and embeddings to the state of now: all of it is seen at once, or nothing. */
export function refresh(pool: Pool, models: Models): Promise<Refreshed> {
	return inTransaction(pool, async (client) => {
		const taken = await takeContents(client);
		const embedding = await embedContents(client, models);
		if (taken.withdrawn + embedding.embedded > 0) {
			await client.query(
				`INSERT INTO demo.published (generation, model_version) VALUES ($1, $2)
				ON CONFLICT (one) DO UPDATE
				SET generation = excluded.generation, model_version = excluded.model_version`,
				[embedding.generation, embedding.model_version],
			);
		}
		await forgetOld(client);
		const { embedded, model_version } = embedding;
		return { ...taken, embedded, model_version };
	});
}
