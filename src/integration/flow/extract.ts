import { type JsonValue, query } from "jsonpath-rfc9535";
import type { StepConfig } from "../../config/schema/flow.ts";
import type { HttpAnswer } from "../http/exchange.ts";
import { StepError } from "./step-error.ts";

type Extracts = StepConfig["extract"];
type Extracted = readonly (readonly [name: string, value: string])[];

/**
 * The variables that a step takes from an answer.
 * @throws StepError if one isn't there
 */
export function extractFromAnswer(
	extracts: Extracts,
	answer: HttpAnswer,
): Extracted {
	return Object.entries(extracts).map(([name, { json, header }]) => [
		name,
		json === undefined
			? headerOf(answer, header ?? "")
			: valueAt(parsed(answer.body), json),
	]);
}

/**
 * The variables that a step takes from what a query found: a text, or JSON.
 * @throws StepError if one isn't there
 */
export function extractFromValue(
	extracts: Extracts,
	found: string | null | undefined,
): Extracted {
	return Object.entries(extracts).map(([name, { json = "$" }]) => {
		if (found === null || found === undefined) {
			throw missing(`found nothing for the variable "${name}"`);
		}
		return [name, json === "$" ? found : valueAt(parsed(found), json)];
	});
}

function headerOf({ headers }: HttpAnswer, header: string): string {
	const value = headers[header.toLowerCase()];
	if (value !== undefined) return value;
	throw missing(`answered without the header ${header}`);
}

function valueAt(document: JsonValue, path: string): string {
	const [value] = query(document, path);
	if (value === undefined || value === null) {
		throw missing(`has nothing at ${path} of its JSON`);
	}
	return typeof value === "string" ? value : JSON.stringify(value);
}

function parsed(text: string): JsonValue {
	try {
		return /\d{16}/.test(text)
			? JSON.parse(text, keepLongNumbers)
			: JSON.parse(text);
	} catch {
		throw missing("answered something that is not JSON");
	}
}

/** An id of more digits than JavaScript's numbers have would become another: it stays the text that it was. */
function keepLongNumbers(
	_key: string,
	value: unknown,
	...rest: unknown[]
): unknown {
	if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
	const [context] = rest;
	const isKnown =
		typeof context === "object" && context !== null && "source" in context;
	return isKnown && /^-?\d+$/.test(String(context.source))
		? context.source
		: value;
}

function missing(reason: string): StepError {
	return new StepError(reason, "extract");
}
