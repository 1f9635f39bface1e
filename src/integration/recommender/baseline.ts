import { createHash } from "node:crypto";
import {
	type Baseline,
	DamagedBaseline,
	loadBaseline,
	obstacleIn,
	saveBaseline,
	setAside,
} from "./baseline-file.ts";
import { baselineOf, populationStabilityIndex } from "./statistics.ts";

/** Where is told what becomes of the baseline. */
export interface BaselineLog {
	info(message: string): void;
	warn(message: string): void;
}

export interface ScoreBaselineOptions {
	/** A JSON file; its folder is made. */
	readonly path: string;
	/** Scores that the baseline is made of at least. */
	readonly size: number;
	/** The query that the scores come from: a baseline of another one is replaced. */
	readonly query: string;
	readonly log: BaselineLog;
}

/** What came of comparing scores with the baseline. */
export type Drift =
	| { readonly kind: "drift"; readonly index: number }
	/** These scores are the baseline from now on. */
	| { readonly kind: "begun" }
	/** Completes "the scores …". */
	| { readonly kind: "none"; readonly reason: string };

/** Fewer say nothing: by chance alone their index would be around 0.1. */
const fewestToCompare = 100;

/** The distribution of the scores that were read first, kept through restarts, with which later ones are compared. */
export class ScoreBaseline {
	readonly #options: ScoreBaselineOptions;
	readonly #query: string;
	#baseline: Baseline | undefined;
	#isLoaded = false;
	#isStored = false;
	/** What can't be read may still be good: it is not written over. */
	#mayStore = true;
	#isFailing = false;

	constructor(options: ScoreBaselineOptions) {
		this.#options = options;
		this.#query = createHash("sha256").update(options.query).digest("hex");
	}

	/** Compares scores with the baseline, or makes it of them, if there is none. Never rejects. */
	async compare(scores: readonly number[]): Promise<Drift> {
		if (!this.#isLoaded) await this.#load();
		const baseline = this.#baseline;
		if (baseline === undefined) return this.#begin(scores);
		if (!this.#isStored) await this.#store(baseline);
		const index = populationStabilityIndex(baseline, scores);
		return index === undefined || scores.length < fewestToCompare
			? tooFew(scores, fewestToCompare, "to be compared")
			: { kind: "drift", index };
	}

	async #begin(scores: readonly number[]): Promise<Drift> {
		const { size } = this.#options;
		if (scores.length < size) return tooFew(scores, size, "for a baseline");
		const distribution = baselineOf(scores);
		if (distribution === undefined) {
			return {
				kind: "none",
				reason: "are all the same: no baseline can be made",
			};
		}
		this.#baseline = {
			createdAt: new Date().toISOString(),
			size: scores.length,
			query: this.#query,
			...distribution,
		};
		await this.#store(this.#baseline);
		return { kind: "begun" };
	}

	async #load(): Promise<void> {
		const { path, log } = this.#options;
		this.#isLoaded = true;
		try {
			const stored = await loadBaseline(path);
			if (stored === undefined) return;
			if (stored.query === this.#query) {
				this.#baseline = stored;
				this.#isStored = true;
				return;
			}
			log.info(
				`the baseline of the scores, ${path}, is that of another query: a new one is begun`,
			);
		} catch (error) {
			if (error instanceof DamagedBaseline) return this.#setAside();
			this.#mayStore = false;
			this.#tellOnce(`cannot be read (${obstacleIn(error)})`);
		}
	}

	async #setAside(): Promise<void> {
		const { path, log } = this.#options;
		try {
			const aside = await setAside(path, new Date());
			log.warn(
				`the baseline of the scores, ${path}, is damaged: it is set aside as ${aside}, and a new one is begun`,
			);
		} catch (error) {
			this.#tellOnce(
				`is damaged and cannot be set aside (${obstacleIn(error)})`,
			);
		}
	}

	async #store(baseline: Baseline): Promise<void> {
		const { path, log } = this.#options;
		if (!this.#mayStore) return;
		try {
			await saveBaseline(path, baseline);
			this.#isStored = true;
			log.info(
				`the baseline of the scores is made of ${baseline.size} of them: ${path}`,
			);
		} catch (error) {
			this.#tellOnce(`cannot be written (${obstacleIn(error)})`);
		}
	}

	#tellOnce(what: string): void {
		if (this.#isFailing) return;
		this.#isFailing = true;
		this.#options.log.warn(
			`the baseline of the scores, ${this.#options.path}, ${what}: it is kept in memory and ends with this process`,
		);
	}
}

function tooFew(
	scores: readonly number[],
	needed: number,
	what: string,
): Drift {
	return {
		kind: "none",
		reason: `are ${scores.length}, too few ${what}: ${needed} are needed`,
	};
}
