import { dimensions, dotProduct } from "../../model/two-tower.ts";

/** The embeddings of all contents, side by side in memory, as they were in one generation. */
export interface ContentIndex {
	readonly generation: number;
	/** The model that made them; undefined where there are none. */
	readonly modelVersion: number | undefined;
	readonly ids: readonly number[];
	/** `dimensions` numbers for each id. */
	readonly vectors: Float32Array;
}

export const emptyIndex: ContentIndex = {
	generation: 0,
	modelVersion: undefined,
	ids: [],
	vectors: new Float32Array(),
};

export interface Scored {
	readonly content_id: number;
	/** The dot product of the user's embedding and the content's. */
	readonly score: number;
}

/** The contents that match a user best, the best first. */
export function rank(
	{ ids, vectors }: ContentIndex,
	user: Float32Array,
	count: number,
): Scored[] {
	const best: Scored[] = [];
	for (const [at, content_id] of ids.entries()) {
		const score = dotProduct(user, vectors, at * dimensions);
		const worst = best.at(count - 1);
		if (worst && score <= worst.score) continue;
		const place = best.findIndex((other) => other.score < score);
		best.splice(place < 0 ? best.length : place, 0, { content_id, score });
		best.length = Math.min(best.length, count);
	}
	return best;
}
