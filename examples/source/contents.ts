import { noise, pick, pickSome } from "../noise.ts";
import { genres, tags } from "./words.ts";

/** How many contents the source lists at any time. */
export const listSize = 3000;
/** Seconds that a content stays in the list, until another one takes its place. */
const lifetime = 6 * 3600;

export interface SourceContent {
	readonly id: number;
	readonly title: string;
	readonly genre: string;
	readonly maker: string;
	readonly tags: readonly string[];
}

/**
 * What the source lists at a time: about every seven seconds a content goes and a new one comes.
 * @param age seconds since the source began
 */
export function listedIds(age: number): number[] {
	return Array.from({ length: listSize }, (_, place) => {
		const head = noise("head start", place) * lifetime;
		const edition = Math.floor((age + head) / lifetime);
		return edition * listSize + place;
	});
}

/** When a content was listed, in seconds since the source began; before it for those of the beginning. */
export function listedAt(id: number): number {
	const place = id % listSize;
	const edition = Math.floor(id / listSize);
	return (edition - noise("head start", place)) * lifetime;
}

export function contentOf(id: number): SourceContent {
	const ownTags = pickSome(tags, 4, "tags", id);
	const genre = pick(genres, "genre", id);
	return {
		id,
		title: `${capitalized(genre)} of the ${ownTags[0]} and the ${ownTags[1]}, no. ${id}`,
		genre,
		maker: `studio-${Math.floor(noise("maker", id) ** 2 * 20)}`,
		tags: ownTags,
	};
}

function capitalized(word: string): string {
	return word.charAt(0).toUpperCase() + word.slice(1);
}
