import { z } from "zod";
import { checkShape } from "./check.ts";
import { jsonPath, request } from "./request.ts";
import { mapping, name, seconds, sql, text } from "./values.ts";

const variable = () => {
	const error =
		"a variable's name of letters, digits and underscores that begins with a letter";
	return text(error, 64).regex(/^[A-Za-z][A-Za-z0-9_]*$/, { error });
};

const step = mapping({
	name: name(),
	request: request.optional(),
	sql: sql()
		.optional()
		.describe(
			`A query, run read-only; \`\${variable}\` stands for a parameter, whatever its value.`,
		),
	expect: z
		.union([z.string(), z.number(), z.boolean(), z.null()], {
			error: "a text, a number, true, false or null",
		})
		.optional()
		.describe("What the query's first value has to be."),
	extract: z
		.record(
			variable(),
			mapping({
				json: jsonPath().optional(),
				header: text("a header's name", 128).optional(),
			}).refine(
				({ json, header }) => (json === undefined) !== (header === undefined),
				{ error: "a mapping with either json or header" },
			),
			{ error: "a mapping of variables to where they are found" },
		)
		.default({})
		.describe(`Values for later steps, which write them \`\${name}\`.`),
	wait_until: mapping({
		timeout: seconds(0.1, 600),
		every: seconds(0.1, 60).default(1),
	})
		.optional()
		.describe("Repeats the step until it succeeds, for so long."),
})
	.refine(
		({ request, sql, expect }) =>
			(request === undefined) !== (sql === undefined) &&
			(sql !== undefined || expect === undefined),
		{ error: "a step with either request, or sql (and expect)" },
	)
	.meta({ id: "step" });

/** An end-to-end flow: steps one after the other, and what is to be done in any case at the end. */
export const flow = mapping({
	...checkShape,
	timeout: seconds(0.1, 3600)
		.default(30)
		.describe("Seconds for all steps together; clean-up has as many again."),
	steps: z
		.array(step, { error: "a list of steps" })
		.min(1, { error: "a list of at least one step" }),
	cleanup: z
		.array(step, { error: "a list of steps" })
		.default([])
		.describe("Steps that remove what the flow made, even when it failed."),
}).meta({ id: "flow" });

export type FlowConfig = z.output<typeof flow>;
export type StepConfig = z.output<typeof step>;
