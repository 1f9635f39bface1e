import { fromBytes, toBytes } from "../model/bytes.ts";
import type { TwoTower } from "../model/two-tower.ts";
import type { Database } from "./database.ts";

export interface StoredModel {
	readonly version: number;
	readonly model: TwoTower;
}

/** What is known of a model when its training ends. */
export interface Measured {
	/** Share of the held-out ratings that the model predicts rightly, from 0 to 1. */
	readonly accuracy: number | undefined;
	/** Share of the held-out ratings that are sound, from 0 to 1. */
	readonly data_quality: number | undefined;
	/** How many ratings it was trained on, and measured on. */
	readonly trained_on: number;
	readonly held_out: number;
}

/** Older ones are removed. */
const keptModels = 5;

/** Stores a model as the newest, and gives its version. */
export async function storeModel(
	database: Database,
	{ users, contents, bias }: TwoTower,
	measured?: Measured,
): Promise<number> {
	const { rows } = await database.query<{ version: number }>(
		`INSERT INTO demo.models
			(version, users, contents, bias, trained_on, held_out, accuracy, data_quality)
		SELECT coalesce(max(version) + 1, 0), $1, $2, $3, $4, $5, $6, $7 FROM demo.models
		RETURNING version`,
		[
			toBytes(users),
			toBytes(contents),
			bias,
			measured?.trained_on,
			measured?.held_out,
			measured?.accuracy,
			measured?.data_quality,
		],
	);
	const version = rows[0]?.version ?? 0;
	await database.query(
		`DELETE FROM demo.models
		WHERE version <= $1 AND version NOT IN (SELECT model_version FROM demo.published)`,
		[version - keptModels],
	);
	return version;
}

/** What is known of the newest model; `accuracy` and what follows are null where it is untrained. */
export interface ModelRecord {
	readonly version: number;
	readonly trained_at: Date;
	readonly accuracy: number | null;
	readonly data_quality: number | null;
	readonly trained_on: number | null;
	readonly held_out: number | null;
}

/** @returns undefined where the database has no model */
export async function newestRecord(
	database: Database,
): Promise<ModelRecord | undefined> {
	const { rows } = await database.query<ModelRecord>(
		`SELECT version, trained_at, accuracy, data_quality, trained_on, held_out
		FROM demo.models ORDER BY version DESC LIMIT 1`,
	);
	return rows[0];
}

/** The model in use, read from the database when it changes. */
export class Models {
	#held: StoredModel | undefined;

	/** The version that is in memory. */
	get version(): number | undefined {
		return this.#held?.version;
	}

	/** @throws Error where the database has no model */
	async newest(database: Database): Promise<StoredModel> {
		const newest = await newestRecord(database);
		if (!newest) {
			throw new Error("demo.models is empty: examples/seed.ts fills it");
		}
		return this.ofVersion(database, newest.version);
	}

	/** @throws Error where the database has no such version */
	async ofVersion(database: Database, version: number): Promise<StoredModel> {
		if (this.#held?.version === version) return this.#held;
		const { rows } = await database.query<{
			users: Buffer;
			contents: Buffer;
			bias: number;
		}>("SELECT users, contents, bias FROM demo.models WHERE version = $1", [
			version,
		]);
		const [row] = rows;
		if (!row) throw new Error(`demo.models has no version ${version}`);
		const model = {
			users: fromBytes(row.users),
			contents: fromBytes(row.contents),
			bias: row.bias,
		};
		this.#held = { version, model };
		return this.#held;
	}
}
