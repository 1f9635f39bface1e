import type { Pool, PoolClient } from "pg";
import { batches, inTransaction } from "../../database/database.ts";
import { type Measured, storeModel } from "../../database/models.ts";
import { accuracyOf } from "../../model/training.ts";
import { readRatings } from "./ratings.ts";
import { trainInThread } from "./thread.ts";

export interface Trained extends Measured {
	readonly model_version: number;
}

/** Trains a model on four fifths of the ratings, measures it on the rest, and stores both. */
export async function train(pool: Pool): Promise<Trained> {
	const { training, heldOut, quality } = await readRatings(pool);
	const { model, predictions } = await trainInThread({ training, heldOut });
	const measured = {
		accuracy: accuracyOf(heldOut, predictions),
		data_quality: quality,
		trained_on: training.length,
		held_out: heldOut.length,
	};
	const model_version = await inTransaction(pool, async (client) => {
		const version = await storeModel(client, model, measured);
		const ids = heldOut.map(({ id }) => id);
		await storePredictions(client, version, ids, predictions);
		return version;
	});
	return { model_version, ...measured };
}

async function storePredictions(
	client: PoolClient,
	version: number,
	ids: readonly number[],
	predictions: readonly number[],
): Promise<void> {
	await client.query("DELETE FROM demo.predictions");
	const rows = ids.map((id, at) => ({ id, likelihood: predictions[at] }));
	for (const batch of batches(rows)) {
		await client.query(
			`INSERT INTO demo.predictions (model_version, rating_id, likelihood)
			SELECT $1, id, likelihood
			FROM jsonb_to_recordset($2::jsonb) AS prediction (id bigint, likelihood float8)`,
			[version, JSON.stringify(batch)],
		);
	}
}
