import type { Pool } from "pg";
import { Models } from "../../database/models.ts";
import { fromBytes, toBytes } from "../../model/bytes.ts";
import { embed, rowsOfUser } from "../../model/two-tower.ts";
import {
	type ContentIndex,
	emptyIndex,
	rank,
	type Scored,
} from "./content-index.ts";
import { readIndex } from "./read-index.ts";
import {
	readUserState,
	storeRanking,
	storeUserEmbedding,
	type UserState,
} from "./user-state.ts";

export interface Recommendations {
	readonly model_version: number;
	/** Whether the ranking was kept from an earlier request. */
	readonly cached: boolean;
	/** The best first. */
	readonly recommendations: readonly Scored[];
}

/** How many recommendations are kept for a user: as many as can be asked for. */
export const longestRanking = 50;

/** What is thrown while the model is unloaded. */
export class UnloadedError extends Error {
	constructor() {
		super("the model is unloaded: PUT /model loads it");
	}
}

/** Recommends contents to users, by the embeddings that Postgres has at the time. */
export class Recommender {
	readonly #pool: Pool;
	readonly #models = new Models();
	#index = emptyIndex;
	#isUnloaded = false;
	#reading: Promise<ContentIndex> | undefined;

	constructor(pool: Pool) {
		this.#pool = pool;
	}

	/** What is in memory. */
	get loaded(): { model_version: number | undefined; contents: number } {
		return {
			model_version: this.#index.modelVersion,
			contents: this.#index.ids.length,
		};
	}

	/** Reads the embeddings into memory, or the changes since. */
	async load(): Promise<void> {
		this.#isUnloaded = false;
		await this.#update();
	}

	/** Drops them, and recommends nothing until `load` is called. */
	unload(): void {
		this.#isUnloaded = true;
		this.#index = emptyIndex;
	}

	async #update(): Promise<void> {
		this.#reading ??= readIndex(this.#pool, this.#index).finally(() => {
			this.#reading = undefined;
		});
		const index = await this.#reading;
		if (this.#isUnloaded) throw new UnloadedError();
		this.#index = index;
	}

	/**
	 * @returns undefined where there is no such user
	 * @throws UnloadedError while the model is unloaded
	 */
	async recommend(userId: string): Promise<Recommendations | undefined> {
		if (this.#isUnloaded) throw new UnloadedError();
		const state = await readUserState(this.#pool, userId);
		if (!state) return undefined;
		const { model_version, content_ids, scores } = state;
		if (content_ids && scores) {
			const recommendations = content_ids.map((content_id, at) => ({
				content_id,
				score: scores[at] ?? 0,
			}));
			return { model_version, cached: true, recommendations };
		}
		if (this.#index.generation !== state.generation) await this.#update();
		// Published in between: what was read of the user is older than the index.
		if (this.#index.generation !== state.generation) {
			return this.recommend(userId);
		}
		const recommendations = rank(
			this.#index,
			await this.#embeddingOf(userId, state),
			longestRanking,
		);
		await storeRanking(this.#pool, userId, state, recommendations);
		return { model_version, cached: false, recommendations };
	}

	async #embeddingOf(userId: string, state: UserState): Promise<Float32Array> {
		if (state.embedding) return fromBytes(state.embedding);
		const { model_version } = state;
		const { model } = await this.#models.ofVersion(this.#pool, model_version);
		const embedding = embed(model.users, rowsOfUser(state));
		const bytes = toBytes(embedding);
		await storeUserEmbedding(this.#pool, userId, model_version, bytes);
		return embedding;
	}
}
