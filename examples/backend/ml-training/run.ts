import type { Pool, PoolClient } from "pg";
import { batches, inTransaction } from "../../database/database.ts";
import { storeModel } from "../../database/models.ts";
import { accuracyOf } from "../../model/training.ts";
import { readRatings } from "./ratings.ts";
import { trainInThread } from "./thread.ts";

export interface Trained {
	readonly model_version: number;
	/** Share of the held-out ratings that the model predicts rightly, from 0 to 1. */
	readonly accuracy: number | undefined;
	/** Share of the held-out ratings that are sound, from 0 to 1. */
	readonly data_quality: number | undefined;
	readonly trained_on: number;
	readonly held_out: number;
}

/** Trains a model on four fifths of the ratings, measures it on the rest, and stores both. */
export async function train(pool: Pool): Promise<Trained> {
	const ratings = await readRatings(pool);
	const { model, predictions } = await trainInThread(ratings);
	const measured = {
		trainedOn: ratings.training.length,
		heldOut: ratings.heldOut.length,
		accuracy: accuracyOf(ratings.heldOut, predictions),
		dataQuality: ratings.quality,
	};
	const version = await inTransaction(pool, async (client) => {
		const version = await storeModel(client, model, measured);
		const ids = ratings.heldOut.map(({ id }) => id);
		await storePredictions(client, version, ids, predictions);
		return version;
	});
	return {
		model_version: version,
		accuracy: measured.accuracy,
		data_quality: measured.dataQuality,
		trained_on: measured.trainedOn,
		held_out: measured.heldOut,
	};
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
