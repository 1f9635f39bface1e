import { noise, pick, pickSome } from "../noise.ts";
import { regions, tags } from "./words.ts";

/** How many users there are from the start. */
export const userCount = 1000;

export interface SourceUser {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly interests: readonly string[];
	readonly region: string;
}

/** @param number from 0 up to `userCount` */
export function userOf(number: number): SourceUser {
	return {
		id: userId(number),
		name: `User ${number}`,
		email: `user${number}@example.com`,
		interests: pickSome(tags, 3, "interests", number),
		region: pick(regions, "region", number),
	};
}

/** The UUID of a user who is there from the start. */
export function userId(number: number): string {
	return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** Whether a user likes something, by a taste that no table holds: the model has to learn it from ratings. */
export function likes(
	user: SourceUser,
	content: { readonly id: number; readonly tags: readonly string[] },
): boolean {
	const distances = content.tags.flatMap((tag) =>
		user.interests.map((interest) => distance(tag, interest)),
	);
	const same = distances.filter((steps) => steps === 0).length;
	const near = distances.filter((steps) => steps === 1).length;
	const leaning = 4 * same + 2 * near - 2.5;
	return noise("likes", user.id, content.id) < 1 / (1 + Math.exp(-leaning));
}

/** Steps between two tags on their ring. */
function distance(one: string, other: string): number {
	const places: readonly string[] = tags;
	const steps = Math.abs(places.indexOf(one) - places.indexOf(other));
	return Math.min(steps, tags.length - steps);
}
