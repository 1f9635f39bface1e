import type { StepConfig } from "../../config/schema/flow.ts";
import { referencesIn } from "./references.ts";

/** A text of a step's configuration that may refer to variables. */
export interface Template {
	readonly path: readonly string[];
	readonly text: string;
}

/** All of them. */
export function templatesIn(step: StepConfig): Template[] {
	const { request, sql, expect } = step;
	const assertions = request?.assertions.map(({ equals, contains }) => ({
		equals,
		contains,
	}));
	return [
		...textsIn(request?.url, ["request", "url"]),
		...textsIn(request?.headers, ["request", "headers"]),
		...textsIn(request?.body, ["request", "body"]),
		...textsIn(assertions, ["request", "assertions"]),
		...textsIn(sql, ["sql"]),
		...textsIn(expect, ["expect"]),
	];
}

/** The variables that a step can't do without. */
export function variablesOf(step: StepConfig): string[] {
	return templatesIn(step).flatMap(({ text }) => referencesIn(text));
}

function textsIn(value: unknown, path: readonly string[]): Template[] {
	if (typeof value === "string") return [{ path, text: value }];
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, each]) =>
		textsIn(each, [...path, key]),
	);
}
