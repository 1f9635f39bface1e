import type { ClientBase } from "pg";
import { batches } from "../../database/database.ts";
import type { Models } from "../../database/models.ts";
import { toBytes } from "../../model/bytes.ts";
import {
	type ContentTraits,
	embed,
	rowsOfContent,
} from "../../model/two-tower.ts";

interface Content extends ContentTraits {
	readonly id: number;
}

/** Computes the embeddings that are missing, or that an older model made. */
export async function embedContents(
	client: ClientBase,
	models: Models,
): Promise<{ embedded: number; generation: number; model_version: number }> {
	const { version, model } = await models.newest(client);
	const generation = await nextGeneration(client);
	const { rows } = await client.query<Content>(
		`SELECT id, genre, maker, tags FROM demo.contents
		LEFT JOIN demo.content_embeddings ON content_id = id AND model_version = $1
		WHERE content_id IS NULL`,
		[version],
	);
	for (const batch of batches(rows)) {
		const embeddings = batch.map((content) =>
			toBytes(embed(model.contents, rowsOfContent(content))),
		);
		await client.query(
			`INSERT INTO demo.content_embeddings (content_id, model_version, generation, embedding)
			SELECT content_id, $1, $2, embedding
			FROM unnest($3::int[], $4::bytea[]) AS new (content_id, embedding)
			ON CONFLICT (content_id) DO UPDATE
			SET model_version = excluded.model_version, generation = excluded.generation,
				embedding = excluded.embedding, updated_at = excluded.updated_at`,
			[version, generation, batch.map(({ id }) => id), embeddings],
		);
	}
	return { embedded: rows.length, generation, model_version: version };
}

async function nextGeneration(client: ClientBase): Promise<number> {
	const { rows } = await client.query<{ next: number }>(
		"SELECT coalesce(max(generation), 0) + 1 AS next FROM demo.published",
	);
	return rows[0]?.next ?? 1;
}
