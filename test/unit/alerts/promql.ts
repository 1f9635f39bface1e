import { z } from "zod";

const selector = z.object({
	type: z.enum(["vectorSelector", "matrixSelector"]),
	matchers: z.array(
		z.object({ name: z.string(), type: z.string(), value: z.string() }),
	),
});
const aggregation = z.object({
	type: z.literal("aggregation"),
	grouping: z.array(z.string()),
});
const operation = z.object({
	type: z.literal("binaryExpr"),
	op: z.string(),
	lhs: z.unknown(),
	rhs: z.unknown(),
	matching: z
		.object({ labels: z.array(z.string()), include: z.array(z.string()) })
		.nullable(),
});
const replacement = z.object({
	type: z.literal("call"),
	func: z.object({ name: z.literal("label_replace") }),
	args: z.tuple([
		z.unknown(),
		z.object({ val: z.string() }),
		z.unknown(),
		z.object({ val: z.string() }),
		z.unknown(),
	]),
});

export type Selector = z.infer<typeof selector>;
export type Operation = z.infer<typeof operation>;

/** A query as Prometheus' own parser understands it: the JSON of `/api/v1/parse_query`. */
export class Query {
	readonly #nodes: unknown[];

	constructor(tree: unknown) {
		this.#nodes = [...within(tree)];
	}

	get selectors(): Selector[] {
		return this.#nodes.flatMap((node) => these(selector, node));
	}

	get operations(): Operation[] {
		return this.#nodes.flatMap((node) => these(operation, node));
	}

	/** Labels that it groups, joins or selects by, or reads to make others of. */
	get labels(): Set<string> {
		return new Set([
			...this.selectors.flatMap(({ matchers }) =>
				matchers.map(({ name }) => name),
			),
			...this.#nodes.flatMap((node) =>
				these(aggregation, node).flatMap(({ grouping }) => grouping),
			),
			...this.operations.flatMap(({ matching }) => [
				...(matching?.labels ?? []),
				...(matching?.include ?? []),
			]),
			...this.#nodes.flatMap((node) =>
				these(replacement, node)
					.map(({ args }) => args[3].val)
					.filter((label) => label !== ""),
			),
		]);
	}

	/** Labels that it makes itself. */
	get made(): string[] {
		return this.#nodes.flatMap((node) =>
			these(replacement, node).map(({ args }) => args[1].val),
		);
	}

	/** What the name of each selected metric has to match. */
	get names(): { readonly type: string; readonly value: string }[] {
		return this.selectors.flatMap(({ matchers }) =>
			matchers.filter(({ name }) => name === "__name__"),
		);
	}
}

/** Whether a part of a query is a number as it stands there. */
export function isNumber(part: unknown): boolean {
	return z.object({ type: z.literal("numberLiteral") }).safeParse(part).success;
}

function* within(value: unknown): Generator<unknown> {
	if (typeof value !== "object" || value === null) return;
	yield value;
	for (const part of Object.values(value)) yield* within(part);
}

function these<Schema extends z.ZodType>(
	schema: Schema,
	node: unknown,
): z.infer<Schema>[] {
	const { success, data } = schema.safeParse(node);
	return success ? [data] : [];
}
