import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { schema } from "./schema.ts";
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
	return issues.flatMap((issue): Problem[] => {
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
	let at: z.core.$ZodType = schema;
	for (const key of path) {
		const object = objectWithin(at);
		const next = object?.shape[String(key)];
		if (next === undefined) return [];
		at = next;
	}
	return Object.keys(objectWithin(at)?.shape ?? {});
}

function objectWithin(type: z.core.$ZodType): z.ZodObject | undefined {
	if (type instanceof z.ZodObject) return type;
	if (type instanceof z.ZodPrefault || type instanceof z.ZodDefault) {
		return objectWithin(type.unwrap());
	}
	return undefined;
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
	if (Array.isArray(value)) return "a list";
	if (typeof value === "object" && value !== null) return "a mapping";
	if (typeof value !== "string") return String(value).slice(0, 60);
	const cut = value.length > 60 ? `${value.slice(0, 60)}…` : value;
	return JSON.stringify(cut);
}
