import {
	dimensions,
	dotProduct,
	embed,
	likelihood,
	sharpness,
	type TwoTower,
} from "./two-tower.ts";

/** A user and a content, by their rows, and whether the one liked the other. */
export interface Example {
	readonly user: readonly number[];
	readonly content: readonly number[];
	readonly liked: boolean;
}

const learningRate = 0.005;

/**
 * Goes once through the examples, and moves the model a step against each error: gradient descent on the logistic loss.
 * @returns the mean loss on the way, in nats
 */
export function trainOnce(
	model: TwoTower,
	examples: readonly Example[],
): number {
	let loss = 0;
	for (const { user, content, liked } of examples) {
		const ofUser = embed(model.users, user);
		const ofContent = embed(model.contents, content);
		const likely = likelihood(model, dotProduct(ofUser, ofContent));
		loss -= Math.log(liked ? likely : 1 - likely);
		const step = learningRate * ((liked ? 1 : 0) - likely);
		move(model.users, user, ofContent, step * sharpness);
		move(model.contents, content, ofUser, step * sharpness);
		model.bias += step;
	}
	return loss / examples.length;
}

function move(
	table: Float32Array,
	rows: readonly number[],
	towards: Float32Array,
	step: number,
): void {
	const share = step / Math.sqrt(rows.length);
	for (const row of rows) {
		const begin = row * dimensions;
		for (let at = 0; at < dimensions; at++) {
			table[begin + at] = (table[begin + at] ?? 0) + share * (towards[at] ?? 0);
		}
	}
}

/** How likely the model thinks each example is. */
export function predict(
	model: TwoTower,
	examples: readonly Example[],
): number[] {
	return examples.map(({ user, content }) =>
		likelihood(
			model,
			dotProduct(embed(model.users, user), embed(model.contents, content)),
		),
	);
}

/** The share of examples that the predictions are right about, from 0 to 1; undefined without any. */
export function accuracyOf(
	examples: readonly Example[],
	predictions: readonly number[],
): number | undefined {
	if (examples.length === 0) return undefined;
	const right = examples.filter(
		({ liked }, at) => liked === (predictions[at] ?? 0) >= 0.5,
	);
	return right.length / examples.length;
}
