import type { Pool } from "pg";
import type { Example } from "../../model/training.ts";
import {
	type ContentTraits,
	rowsOfContent,
	rowsOfUser,
	type UserTraits,
} from "../../model/two-tower.ts";

/** One rating in so many is held out: the model is measured on it, and never trained. */
const heldOutEvery = 5;
/** Stars from which a user is taken to like a content. */
const likedFrom = 4;

interface RatedExample extends Example {
	readonly id: number;
}

export interface Ratings {
	readonly training: readonly Example[];
	readonly heldOut: readonly RatedExample[];
	/** Share of the held-out ratings that are sound, from 0 to 1; undefined without any. */
	readonly quality: number | undefined;
}

interface Row extends UserTraits, ContentTraits {
	/** bigint, which comes as text. */
	readonly id: string;
	readonly stars: number;
	/** By a user who is there, from 1 to 5 stars, and not from the future. */
	readonly sound: boolean;
}

/** Reads the ratings, and sorts out those that can't be true. */
export async function readRatings(pool: Pool): Promise<Ratings> {
	const { rows } = await pool.query<Row>(
		`SELECT rating.id, stars, interests, region, genre, maker, tags,
			person.id IS NOT NULL AND stars BETWEEN 1 AND 5 AND rated_at <= now() AS sound
		FROM demo.ratings rating
		JOIN demo.contents content ON content.id = content_id
		LEFT JOIN demo.users person ON person.id = user_id
		ORDER BY rating.id`,
	);
	const training = rows.filter((row) => !isHeldOut(row));
	const heldOut = rows.filter(isHeldOut);
	const sound = heldOut.filter(isSound);
	return {
		training: training.filter(isSound).map(exampleOf),
		heldOut: sound.map(exampleOf),
		quality: heldOut.length === 0 ? undefined : sound.length / heldOut.length,
	};
}

function isHeldOut({ id }: Row): boolean {
	return Number(id) % heldOutEvery === 0;
}

function isSound({ sound }: Row): boolean {
	return sound;
}

function exampleOf(row: Row): RatedExample {
	return {
		id: Number(row.id),
		user: rowsOfUser(row),
		content: rowsOfContent(row),
		liked: row.stars >= likedFrom,
	};
}
