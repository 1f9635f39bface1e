import { hash, noise } from "../noise.ts";

export const dimensions = 768;
/** Rows of a tower's table. A word's row is its hash, so that words nobody has seen yet have one too. */
const rows = 256;
/** How much the logarithm of odds grows with the dot product, which is within about ±1. */
export const sharpness = 6;

/**
 * Two towers, one for users and one for contents: each adds up the rows of the words that describe somebody or something.
 * The dot product of the two sums tells how well they match.
 * Source: Yi et al., Sampling-bias-corrected neural modeling for large corpus item recommendations, RecSys 2019
 */
export interface TwoTower {
	/** `rows` × `dimensions` numbers each. */
	readonly users: Float32Array;
	readonly contents: Float32Array;
	/** The logarithm of odds that somebody likes something, where nothing is known. */
	bias: number;
}

/** The model before any training: a word means the same in both towers, and different words have nothing in common. */
export function untrained(): TwoTower {
	const table = new Float32Array(rows * dimensions);
	for (let row = 0; row < rows; row++) {
		for (let at = 0; at < dimensions; at++) {
			// Uniform, with the variance that makes the rows about one long.
			table[row * dimensions + at] =
				(noise(row, at) - 0.5) * Math.sqrt(12 / dimensions);
		}
	}
	return { users: table, contents: table.slice(), bias: 0 };
}

/** What users are described by. */
export interface UserTraits {
	readonly interests: readonly string[];
	readonly region: string;
}

/** What contents are described by. */
export interface ContentTraits {
	readonly genre: string;
	readonly maker: string;
	readonly tags: readonly string[];
}

export function rowsOfUser({ interests, region }: UserTraits): number[] {
	return [...interests, region].map(rowOf);
}

export function rowsOfContent({ genre, maker, tags }: ContentTraits): number[] {
	return [genre, maker, ...tags].map(rowOf);
}

function rowOf(word: string): number {
	return hash(word) % rows;
}

/** The sum of rows, over the square root of their number. */
export function embed(
	table: Float32Array,
	ofRows: readonly number[],
): Float32Array {
	const sum = new Float32Array(dimensions);
	const share = 1 / Math.sqrt(ofRows.length);
	for (const row of ofRows) {
		const begin = row * dimensions;
		for (let at = 0; at < dimensions; at++) {
			sum[at] = (sum[at] ?? 0) + share * (table[begin + at] ?? 0);
		}
	}
	return sum;
}

/** @param begin where in `many` the second vector begins */
export function dotProduct(
	one: Float32Array,
	many: Float32Array,
	begin = 0,
): number {
	let sum = 0;
	for (let at = 0; at < dimensions; at++) {
		sum += (one[at] ?? 0) * (many[begin + at] ?? 0);
	}
	return sum;
}

/** How likely a user likes a content, from 0 to 1, by the dot product of their embeddings. */
export function likelihood(model: TwoTower, match: number): number {
	return 1 / (1 + Math.exp(-(sharpness * match + model.bias)));
}
