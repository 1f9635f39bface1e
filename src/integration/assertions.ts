import { query } from "jsonpath-rfc9535";
import type { Assertion } from "../config/schema/request.ts";
import { type Mask, redacted } from "./excerpt.ts";
import type { HttpAnswer } from "./http/exchange.ts";

type Answer = Pick<HttpAnswer, "headers" | "body">;
type Json = Parameters<typeof query>[0];

/** Characters of what was wanted, and of what was there, that a sentence shows. */
const shownLength = 80;

/** A value as a sentence may show it. */
type Show = (value: Json | undefined) => string;

/**
 * The first of the assertions that does not hold of an answer: what was wanted, and what was there.
 * @param mask takes configured secrets out of what is shown
 */
export function failedAssertion(
	assertions: readonly Assertion[],
	answer: Answer,
	mask: Mask,
): string | undefined {
	// Before it is cut: no pattern knows half a secret.
	const show: Show = (value) => cut(redacted(written(value), mask));
	for (const assertion of assertions) {
		const failed = failure(assertion, answer, show);
		if (failed !== undefined) return failed;
	}
	return undefined;
}

function failure(
	assertion: Assertion,
	answer: Answer,
	show: Show,
): string | undefined {
	const found = valuesFor(assertion, answer, show);
	const subject = subjectOf(assertion);
	if ("problem" in found) return `wanted ${subject}, got ${found.problem}`;
	const { exists } = assertion;
	if (exists === true && found.length === 0) {
		return `wanted ${subject} to exist, got nothing`;
	}
	if (exists === false && found.length > 0) {
		return `wanted ${subject} not to exist, got ${show(found[0])}`;
	}
	for (const { wanted, holds, because = () => "" } of conditionsOf(
		assertion,
		show,
	)) {
		if (found.length === 0) return `wanted ${subject} ${wanted}, got nothing`;
		const wrong = found.find((value) => !holds(value));
		if (wrong === undefined) continue;
		return `wanted ${subject} ${wanted}, got ${show(wrong)}${because(wrong)}`;
	}
	return undefined;
}

function subjectOf({ json, header }: Assertion): string {
	if (json !== undefined) return cut(json);
	return header === undefined ? "its body" : `header ${header}`;
}

/** What an assertion looks at: a path may lead to several values, of which each has to be right. */
function valuesFor(
	{ json, header }: Assertion,
	{ headers, body }: Answer,
	show: Show,
): readonly Json[] | { readonly problem: string } {
	if (json !== undefined) return valuesAt(json, body, show);
	if (header === undefined) return body === "" ? [] : [body];
	const name = header.toLowerCase();
	const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
	return value === undefined ? [] : [value];
}

function valuesAt(path: string, body: string, show: Show) {
	if (body === "") return { problem: "an empty body" };
	try {
		return query(JSON.parse(body), path);
	} catch (error) {
		return error instanceof SyntaxError
			? { problem: `a body that is not JSON: ${show(body)}` }
			: { problem: "JSON that could not be looked into" };
	}
}

interface Condition {
	/** Completes "wanted <subject> …". */
	readonly wanted: string;
	readonly holds: (value: Json) => boolean;
	/** What else is to be said of a wrong value. */
	readonly because?: (value: Json) => string;
}

function conditionsOf(assertion: Assertion, show: Show): Condition[] {
	const { equals, contains, matches } = assertion;
	const isText = assertion.json === undefined;
	const conditions: Condition[] = [];
	if (equals !== undefined) {
		conditions.push({
			wanted: `to equal ${show(equals)}`,
			holds: (value) => isEqual(value, isText ? String(equals) : equals),
		});
	}
	if (contains !== undefined) {
		conditions.push({
			wanted: `to contain ${show(contains)}`,
			holds: (value) => textOf(value).includes(contains),
		});
	}
	if (matches !== undefined) {
		const pattern = new RegExp(matches);
		conditions.push({
			wanted: `to match ${cut(String(pattern))}`,
			holds: (value) => pattern.test(textOf(value)),
		});
	}
	return [...conditions, ...numericConditionsOf(assertion)];
}

function numericConditionsOf(assertion: Assertion): Condition[] {
	const { less_than: above, greater_than: below } = assertion;
	const because = (value: Json) =>
		Number.isNaN(numberOf(value)) ? ", which is no number" : "";
	const conditions: Condition[] = [];
	if (above !== undefined) {
		const wanted = `to be less than ${above}`;
		const holds = (value: Json) => numberOf(value) < above;
		conditions.push({ wanted, holds, because });
	}
	if (below !== undefined) {
		const wanted = `to be greater than ${below}`;
		const holds = (value: Json) => numberOf(value) > below;
		conditions.push({ wanted, holds, because });
	}
	return conditions;
}

/** A text also equals the number or the boolean that it spells, since what flows fill in is always text. */
function isEqual(value: Json, wanted: Assertion["equals"]): boolean {
	if (value === wanted) return true;
	const hasText = typeof value === "number" || typeof value === "boolean";
	return hasText && String(value) === wanted;
}

/** Also of a text that spells one, as of a header or of an exact decimal in JSON. */
function numberOf(value: Json): number {
	if (typeof value === "number") return value;
	const isBlank = typeof value !== "string" || value.trim() === "";
	return isBlank ? Number.NaN : Number(value);
}

function textOf(value: Json): string {
	return typeof value === "string" ? value : asJson(value);
}

/** As JSON, so that no line break or quote is taken for the sentence's own. */
function written(value: Json | undefined): string {
	// What is longer is cut anyway, and need not be written as JSON before.
	const some = typeof value === "string" ? value.slice(0, 500) : value;
	return some === undefined ? "nothing" : asJson(some);
}

function asJson(value: Json): string {
	try {
		return JSON.stringify(value);
	} catch {
		return "JSON that is nested too deeply";
	}
}

function cut(text: string): string {
	if (text.length <= shownLength) return text;
	return `${text.slice(0, shownLength).toWellFormed()}…`;
}
