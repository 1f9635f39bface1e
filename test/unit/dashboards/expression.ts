import { z } from "zod";

export interface Selector {
	readonly type: "vectorSelector" | "matrixSelector";
	readonly name: string;
	readonly anchored: boolean;
	/** In milliseconds, if it looks at one time only. */
	readonly timestamp?: number | null | undefined;
	readonly matchers: readonly {
		readonly name: string;
		readonly value: string;
	}[];
}

/** A query as Prometheus' own parser understands it: the JSON of `/api/v1/parse_query`. */
export type Expression =
	| Selector
	| {
			readonly type: "aggregation";
			readonly op: string;
			readonly grouping: readonly string[];
			readonly expr: Expression;
	  }
	| {
			readonly type: "call";
			readonly func: { readonly name: string };
			readonly args: readonly Expression[];
	  }
	| {
			readonly type: "binaryExpr";
			readonly op: string;
			readonly bool: boolean;
			readonly lhs: Expression;
			readonly rhs: Expression;
	  }
	| { readonly type: "parenExpr" | "subquery"; readonly expr: Expression }
	| { readonly type: "numberLiteral" | "stringLiteral"; readonly val: string };

/** What dashboards need of PromQL; more fails here, until it is looked after. */
export const expression: z.ZodType<Expression> = z.lazy(() =>
	z.discriminatedUnion("type", [
		z.object({
			type: z.enum(["vectorSelector", "matrixSelector"]),
			name: z.string().min(1),
			anchored: z.boolean(),
			timestamp: z.number().nullish(),
			matchers: z.array(z.object({ name: z.string(), value: z.string() })),
		}),
		z.object({
			type: z.literal("aggregation"),
			op: z.string(),
			grouping: z.array(z.string()),
			expr: expression,
		}),
		z.object({
			type: z.literal("call"),
			func: z.object({ name: z.string() }),
			args: z.array(expression),
		}),
		z.object({
			type: z.literal("binaryExpr"),
			op: z.string(),
			bool: z.boolean(),
			lhs: expression,
			rhs: expression,
		}),
		z.object({ type: z.enum(["parenExpr", "subquery"]), expr: expression }),
		z.object({
			type: z.enum(["numberLiteral", "stringLiteral"]),
			val: z.string(),
		}),
	]),
);

/** It, and all that it is made of. */
export function partsOf(part: Expression): Expression[] {
	return [part, ...childrenOf(part).flatMap(partsOf)];
}

function childrenOf(part: Expression): readonly Expression[] {
	switch (part.type) {
		case "aggregation":
		case "parenExpr":
		case "subquery":
			return [part.expr];
		case "call":
			return part.args;
		case "binaryExpr":
			return [part.lhs, part.rhs];
		default:
			return [];
	}
}
