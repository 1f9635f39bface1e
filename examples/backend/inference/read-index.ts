import type { ClientBase, Pool } from "pg";
import { batches, inTransaction } from "../../database/database.ts";
import { dimensions } from "../../model/two-tower.ts";
import type { ContentIndex } from "./content-index.ts";

interface Entry {
	readonly generation: number;
	readonly model_version: number;
	readonly content_id: number;
	readonly is_new: boolean;
}

/**
 * Reads the present generation; of the embeddings only those that have changed since the held one.
 * @throws Error where the database has none
 */
export function readIndex(
	pool: Pool,
	held: ContentIndex,
): Promise<ContentIndex> {
	const oneMoment = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
	return inTransaction(pool, (client) => read(client, held), oneMoment);
}

async function read(
	client: ClientBase,
	held: ContentIndex,
): Promise<ContentIndex> {
	const { rows: entries } = await client.query<Entry>(
		`SELECT published.generation, published.model_version, content_id,
			stored.generation > $1 AS is_new
		FROM demo.published, demo.content_embeddings stored`,
		[held.generation],
	);
	const [first] = entries;
	if (!first) {
		throw new Error("demo.content_embeddings is empty: data_sync fills it");
	}
	const ids = entries.map(({ content_id }) => content_id);
	const places = placesOf(ids);
	const vectors = new Float32Array(ids.length * dimensions);
	keep(held, places, vectors);
	const changed = entries.filter(({ is_new }) => is_new);
	for (const batch of batches(changed)) {
		await readInto(vectors, places, client, batch);
	}
	const { generation, model_version: modelVersion } = first;
	return { generation, modelVersion, ids, vectors };
}

type Places = ReadonlyMap<number, number>;

function placesOf(ids: readonly number[]): Places {
	return new Map(ids.map((id, at) => [id, at * dimensions]));
}

function keep(held: ContentIndex, places: Places, vectors: Float32Array): void {
	for (const [id, from] of placesOf(held.ids)) {
		const to = places.get(id);
		if (to === undefined) continue;
		vectors.set(held.vectors.subarray(from, from + dimensions), to);
	}
}

async function readInto(
	vectors: Float32Array,
	places: Places,
	client: ClientBase,
	entries: readonly Entry[],
): Promise<void> {
	const { rows } = await client.query<{
		content_id: number;
		embedding: Uint8Array;
	}>(
		"SELECT content_id, embedding FROM demo.content_embeddings WHERE content_id = ANY ($1::int[])",
		[entries.map(({ content_id }) => content_id)],
	);
	const bytes = new Uint8Array(vectors.buffer);
	for (const { content_id, embedding } of rows) {
		const to = places.get(content_id);
		if (to === undefined) continue;
		bytes.set(embedding, to * vectors.BYTES_PER_ELEMENT);
	}
}
