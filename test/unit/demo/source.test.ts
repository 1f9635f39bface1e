import fc from "fast-check";
import { expect, test } from "vitest";
import {
	contentOf,
	listedAt,
	listedIds,
	listSize,
} from "../../../examples/source/contents.ts";
import { ratingsOf } from "../../../examples/source/ratings.ts";
import { userCount, userId, userOf } from "../../../examples/source/users.ts";

const hour = 3600;

test("at any time the source lists so many different contents, each of them for six hours", () => {
	fc.assert(
		fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), (age) => {
			const ids = listedIds(age);
			expect(new Set(ids).size).toBe(listSize);
			for (const id of ids) {
				expect(listedAt(id)).toBeLessThanOrEqual(age);
				expect(listedAt(id) + 6 * hour).toBeGreaterThan(age);
			}
		}),
		{ numRuns: 20 },
	);
});

test("half a minute brings a few new contents, and six hours nothing but new ones", () => {
	const before = new Set(listedIds(0));
	const addedAfter = (age: number) =>
		listedIds(age).filter((id) => !before.has(id)).length;
	expect(addedAfter(30)).toBeGreaterThan(0);
	expect(addedAfter(30)).toBeLessThan(20);
	expect(addedAfter(6 * hour)).toBe(listSize);
});

test("a content and its ratings are the same whenever they are asked for", () => {
	expect(contentOf(4204)).toEqual(contentOf(4204));
	expect(ratingsOf(4204)).toEqual(ratingsOf(4204));
	expect(contentOf(4204)).not.toEqual(contentOf(4205));
});

test("ratings have their own ids, and a few of them are faulty in each of three ways", () => {
	const ratings = listedIds(0).flatMap(ratingsOf);
	expect(new Set(ratings.map(({ id }) => id)).size).toBe(ratings.length);
	const known = new Set(Array.from({ length: userCount }, (_, n) => userId(n)));
	const faults = [
		ratings.filter(({ stars }) => stars < 1),
		ratings.filter((rating) => !known.has(rating.userId)),
		ratings.filter(({ contentId, at }) => at > listedAt(contentId)),
	];
	for (const { length } of faults) {
		expect(length).toBeGreaterThan(0);
		expect(length).toBeLessThan(ratings.length / 50);
	}
});

test("users differ in what interests them", () => {
	const users = Array.from({ length: 50 }, (_, number) => userOf(number));
	expect(new Set(users.map(({ id }) => id)).size).toBe(50);
	expect(
		new Set(users.map(({ interests }) => interests.join())).size,
	).toBeGreaterThan(40);
});
