import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { schema } from "./schema/schema.ts";
import { isSecret } from "./secrets-in-file.ts";

export interface Problem {
	readonly path: readonly PropertyKey[];
	/** What is wrong at the path: "120 is not a number from 0 to 100 (%)". */
	readonly sentence: string;
}

/** What the schema refuses, in sentences. `written` is the data as the user wrote it. */
export function schemaProblems(
	issues: readonly z.core.$ZodIssue[],
	written: unknown,
): Problem[] {
	return issues.flatMap(withinUnion).flatMap((issue): Problem[] => {
		if (issue.code === "unrecognized_keys") {
			return issue.keys.map((key) => unknownKey([...issue.path, key]));
		}
		if (issue.code === "invalid_key") {
			const allowed = issue.issues[0]?.message ?? issue.message;
			return [
				{
					path: issue.path,
					sentence: `${shown(String(issue.path.at(-1)), "")} is not ${allowed}`,
				},
			];
		}
		const value = shown(valueAt(written, issue.path), issue.path.at(-1));
		return [{ path: issue.path, sentence: `${value} is not ${issue.message}` }];
	});
}

/** Of a value that may be of several kinds, what is wrong with it as the kind that it is: a mapping, a list, … */
function withinUnion(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
	if (issue.code !== "invalid_union") return [issue];
	const meant = issue.errors.find((issues) =>
		issues.every(
			({ code, path }) => path.length > 0 || code !== "invalid_type",
		),
	);
	const isOfAKind =
		meant?.some(
			({ code, path }) => path.length > 0 || code === "unrecognized_keys",
		) ?? false;
	if (!meant || !isOfAKind) return [issue];
	return meant
		.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
		.flatMap(withinUnion);
}

function unknownKey(path: readonly PropertyKey[]): Problem {
	const key = String(path.at(-1));
	const known = knownKeys(path.slice(0, -1));
	const nearest = closest(key, known);
	const advice =
		distance(key, nearest) <= Math.max(2, key.length / 3)
			? `did you mean ${nearest}?`
			: `known are ${known.join(", ")}`;
	return { path, sentence: `is not a known key; ${advice}` };
}

function knownKeys(path: readonly PropertyKey[]): string[] {
	let at: z.core.$ZodType | undefined = schema;
	for (const key of path) at = at && below(at, String(key));
	return at ? Object.keys(objectWithin(at)?.shape ?? {}) : [];
}

/** The type of a key's value, in a mapping of known keys, of names, or in a list. */
function below(
	type: z.core.$ZodType,
	key: string,
): z.core.$ZodType | undefined {
	const inner = kinds(type);
	for (const each of inner) {
		if (each instanceof z.ZodObject && each.shape[key]) return each.shape[key];
		if (each instanceof z.ZodRecord) return each.valueType;
		if (each instanceof z.ZodArray) return each.element;
	}
	return undefined;
}

function objectWithin(type: z.core.$ZodType): z.ZodObject | undefined {
	return kinds(type).find((each) => each instanceof z.ZodObject);
}

/** What a type is without its default, or each of the kinds that it may be. */
function kinds(type: z.core.$ZodType): z.core.$ZodType[] {
	if (
		type instanceof z.ZodPrefault ||
		type instanceof z.ZodDefault ||
		type instanceof z.ZodOptional
	) {
		return kinds(type.unwrap());
	}
	if (type instanceof z.ZodPipe) return kinds(type.in);
	if (type instanceof z.ZodUnion) return type.options.flatMap(kinds);
	return [type];
}

export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
	let value = data;
	for (const key of path) {
		if (typeof value !== "object" || value === null) return undefined;
		value = Object.getOwnPropertyDescriptor(value, key)?.value;
	}
	return value;
}

/** A value as an error may show it: cut, on one line, and not at all if it looks like a secret. */
function shown(value: unknown, key: PropertyKey | undefined): string {
	if (value === undefined) return "nothing";
	if (typeof value === "string" && isSecret(value, String(key ?? ""))) {
		return "a value that looks like a secret (not shown)";
	}
	if (Array.isArray(value))
		return value.length > 0 ? "a list" : "an empty list";
	if (typeof value === "object" && value !== null) return "a mapping";
	if (typeof value !== "string") return String(value).slice(0, 60);
	const cut = value.length > 60 ? `${value.slice(0, 60)}…` : value;
	return JSON.stringify(cut);
}
