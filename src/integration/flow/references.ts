import { VariableError } from "./step-error.ts";

/** Values by the names of variables. */
export type Variables = ReadonlyMap<string, string>;

/** New in each run, without any step that extracts it. */
export const runId = "run_id";

const source = String.raw`\$\{([A-Za-z][A-Za-z0-9_]*)\}`;

/** The variables that a text refers to, as often as it does. */
export function referencesIn(text: string): string[] {
	return Array.from(text.matchAll(pattern()), ([, name = ""]) => name);
}

/** What looks like a reference and is none, such as `${user-id}`. */
export function brokenReferenceIn(text: string): string | undefined {
	return /\$\{[^}]*\}?/.exec(text.replace(pattern(), ""))?.[0];
}

/** Puts something in the place of each reference. What is put there is not looked at again. */
export function replaceReferences(
	text: string,
	replacement: (name: string) => string,
): string {
	return text.replace(pattern(), (_, name: string) => replacement(name));
}

/** @throws VariableError if no step has extracted it */
export function valueFor(variables: Variables, name: string): string {
	const value = variables.get(name);
	if (value !== undefined) return value;
	throw new VariableError(`the variable "${name}" is not there`);
}

/** A text with the values as they are. */
export function fillText(text: string, variables: Variables): string {
	return replaceReferences(text, (name) => valueFor(variables, name));
}

function pattern(): RegExp {
	return new RegExp(source, "g");
}
