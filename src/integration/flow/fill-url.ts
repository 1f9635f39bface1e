import type { Variables } from "./references.ts";
import { referencesIn, replaceReferences, valueFor } from "./references.ts";
import { VariableError } from "./step-error.ts";

/** Scheme and host, with login and port, and the path behind them. */
const parts = /^([a-z][a-z\d+.-]*:\/\/[^/?#\\]*)?([^?#]*)/i;

/** Whether an answer of one server would decide which server is asked next. */
export function variableInHost(url: string): string | undefined {
	return referencesIn(parts.exec(url)?.[1] ?? "")[0];
}

/**
 * An address with the values percent-encoded, so that each stays within its part of the path or the query.
 * @throws VariableError for a value that is missing or empty, or would lead to another path: `.` and `..`, which no
 * encoding keeps a URL parser from following
 */
export function fillUrl(url: string, variables: Variables): string {
	const host = variableInHost(url);
	if (host !== undefined) {
		throw new VariableError(`the variable "${host}" can't be part of a host`);
	}
	const fill = (text: string) =>
		replaceReferences(text, (name) => encoded(variables, name));
	for (const segment of (parts.exec(url)?.[2] ?? "").split(/[/\\]/)) {
		const [name] = referencesIn(segment);
		if (name !== undefined && /^(?:\.|%2e){1,2}$/i.test(fill(segment))) {
			throw new VariableError(
				`the variable "${name}" would lead to another path`,
			);
		}
	}
	return fill(url);
}

function encoded(variables: Variables, name: string): string {
	const value = valueFor(variables, name);
	if (value !== "") return encodeURIComponent(value.toWellFormed());
	// `DELETE /users/${id}` must not become `DELETE /users/`.
	throw new VariableError(`the variable "${name}" is empty`);
}
