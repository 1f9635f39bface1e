import { noise, pick } from "../noise.ts";
import { contentOf, listedAt } from "./contents.ts";
import { likes, userCount, userId, userOf } from "./users.ts";

const ratingsOfContent = 4;
/** One in so many is faulty: data that comes from elsewhere never is all right. */
const faultEvery = 40;

export interface SourceRating {
	readonly id: number;
	readonly userId: string;
	readonly contentId: number;
	/** 1 to 5. */
	readonly stars: number;
	/** Seconds since the source began. */
	readonly at: number;
}

/** What users said of a content. */
export function ratingsOf(contentId: number): SourceRating[] {
	return Array.from({ length: ratingsOfContent }, (_, at) =>
		faulty(ratingOf(contentId, contentId * ratingsOfContent + at)),
	);
}

function ratingOf(contentId: number, id: number): SourceRating {
	// Some users rate much, most little.
	const user = userOf(Math.floor(noise("rater", id) ** 2 * userCount));
	const liked = likes(user, contentOf(contentId));
	return {
		id,
		userId: user.id,
		contentId,
		stars: liked ? pick([4, 5], "stars", id) : pick([1, 2, 3], "stars", id),
		at: listedAt(contentId),
	};
}

function faulty(rating: SourceRating): SourceRating {
	if (noise("fault", rating.id) >= 1 / faultEvery) return rating;
	const day = 24 * 3600;
	return pick(
		[
			{ ...rating, stars: 0 },
			{ ...rating, userId: userId(userCount + (rating.id % 1000)) },
			{ ...rating, at: rating.at + 365 * day },
		],
		"kind of fault",
		rating.id,
	);
}
