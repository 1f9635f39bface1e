import type { ClientBase } from "pg";
import { batches } from "../../database/database.ts";
import { contentOf, listedIds } from "../../source/contents.ts";
import { ratingsOf } from "../../source/ratings.ts";

/** Takes over what the source lists now: removes what is not listed any more, and adds what is new with its ratings. */
export async function takeContents(
	client: ClientBase,
): Promise<{ listed: number; added: number; withdrawn: number }> {
	const listed = listedIds(await ageOfSource(client));
	const { rowCount } = await client.query(
		"DELETE FROM demo.contents WHERE id <> ALL ($1::int[])",
		[listed],
	);
	const { rows } = await client.query<{ id: number }>(
		"SELECT id FROM demo.contents",
	);
	const known = new Set(rows.map(({ id }) => id));
	const added = listed.filter((id) => !known.has(id));
	for (const batch of batches(added)) await addContents(client, batch);
	return {
		listed: listed.length,
		added: added.length,
		withdrawn: rowCount ?? 0,
	};
}

/** Seconds since the source began. Whoever asks at the same time waits for the end of this transaction. */
async function ageOfSource(client: ClientBase): Promise<number> {
	const { rows } = await client.query<{ age: number }>(
		`SELECT extract(epoch FROM least(now(), ended_at) - began_at)::float8 AS age
		FROM demo.source FOR UPDATE`,
	);
	const [row] = rows;
	if (!row) throw new Error("demo.source is empty: examples/seed.ts fills it");
	return row.age;
}

async function addContents(
	client: ClientBase,
	ids: readonly number[],
): Promise<void> {
	await client.query(
		`INSERT INTO demo.contents (id, title, genre, maker, tags)
		SELECT * FROM jsonb_to_recordset($1::jsonb)
			AS content (id int, title text, genre text, maker text, tags text[])`,
		[JSON.stringify(ids.map(contentOf))],
	);
	await client.query(
		`INSERT INTO demo.ratings (id, user_id, content_id, stars, rated_at)
		SELECT id, "userId", "contentId", stars, began_at + make_interval(secs => at)
		FROM demo.source, jsonb_to_recordset($1::jsonb)
			AS rating (id bigint, "userId" uuid, "contentId" int, stars smallint, at float8)`,
		[JSON.stringify(ids.flatMap(ratingsOf))],
	);
}
