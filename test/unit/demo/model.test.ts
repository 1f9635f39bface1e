import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBytes, toBytes } from "../../../examples/model/bytes.ts";
import {
	accuracyOf,
	type Example,
	predict,
	trainOnce,
} from "../../../examples/model/training.ts";
import {
	dimensions,
	embed,
	rowsOfContent,
	rowsOfUser,
	untrained,
} from "../../../examples/model/two-tower.ts";

const example: Example = {
	user: rowsOfUser({ interests: ["sea", "rain", "dance"], region: "kanto" }),
	content: rowsOfContent({
		genre: "drama",
		maker: "studio-1",
		tags: ["sea", "stage", "night", "family"],
	}),
	liked: false,
};

describe("a training step", () => {
	test("moves every number against the slope of the loss, all by the same rate", () => {
		const trained = untrained();
		trainOnce(trained, [example]);
		const start = untrained();
		const [userRow = 0] = example.user;
		const [contentRow = 0] = example.content;
		const rates = [0, 1, 400, 767].flatMap((at) => [
			rateOf("users", userRow * dimensions + at),
			rateOf("contents", contentRow * dimensions + at),
		]);
		for (const rate of rates) {
			expect(rate).toBeLessThan(0);
			expect(rate / (rates[0] ?? 0)).toBeCloseTo(1, 2);
		}

		/** How far a number has moved, by the slope of the loss where it stood. */
		function rateOf(table: "users" | "contents", at: number): number {
			const moved = (trained[table][at] ?? 0) - (start[table][at] ?? 0);
			const step = 0.05;
			const [above, below] = [step, -step].map((change) => {
				const model = untrained();
				model[table][at] = (model[table][at] ?? 0) + change;
				return lossOf(model);
			});
			return moved / (((above ?? 0) - (below ?? 0)) / (2 * step));
		}
	});

	test("leaves rows alone that the example has nothing to do with", () => {
		const model = untrained();
		trainOnce(model, [example]);
		const other = Array.from({ length: 256 }, (_, row) => row).filter(
			(row) => !example.user.includes(row),
		);
		const before = untrained();
		for (const row of other) {
			expect(embed(model.users, [row])).toEqual(embed(before.users, [row]));
		}
	});

	function lossOf(model: ReturnType<typeof untrained>): number {
		const [likely = Number.NaN] = predict(model, [example]);
		return -Math.log(example.liked ? likely : 1 - likely);
	}
});

test("the untrained model finds a content likelier the more a user's interests are among its tags", () => {
	const tags = ["sea", "rain", "dance", "music"];
	const examples = [0, 1, 2, 3].map((shared) => ({
		...example,
		user: rowsOfUser({
			interests: [...tags.slice(0, shared), "castle", "office", "autumn"].slice(
				0,
				3,
			),
			region: "kanto",
		}),
		content: rowsOfContent({ genre: "drama", maker: "studio-1", tags }),
	}));
	const likely = predict(untrained(), examples);
	expect(likely).toEqual(likely.toSorted((one, other) => one - other));
	expect(new Set(likely).size).toBe(4);
});

test("accuracy is the share of right predictions, and absent where there is none", () => {
	const examples = [true, true, false, false].map((liked) => ({
		...example,
		liked,
	}));
	expect(accuracyOf(examples, [0.9, 0.1, 0.4, 0.2])).toBe(0.75);
	expect(accuracyOf([], [])).toBeUndefined();
});

test("numbers come back from bytes as they were", () => {
	fc.assert(
		fc.property(fc.float32Array(), fc.nat(16), (numbers, offset) => {
			const stored = Buffer.concat([Buffer.alloc(offset), toBytes(numbers)]);
			expect(fromBytes(stored.subarray(offset))).toEqual(numbers);
		}),
	);
});
