import type { HttpRequestConfig } from "../../config/schema/request.ts";
import type { Variables } from "./references.ts";
import { fillText, replaceReferences, valueFor } from "./references.ts";

type Body = HttpRequestConfig["body"];

/** How values have to be written into a text, so that they can't break out of their places. */
export type Format = "json" | "form" | "plain";

/** What a body's text is, by its Content-Type or, without one, by its look. */
export function formatOf(text: string, contentType: string): Format {
	if (/\bjson\b/i.test(contentType)) return "json";
	if (/x-www-form-urlencoded/i.test(contentType)) return "form";
	return /^\s*[[{]/.test(text) ? "json" : "plain";
}

/** A body with the values in it: in JSON as parts of strings, in a form percent-encoded. */
export function fillBody(
	body: NonNullable<Body>,
	variables: Variables,
	contentType: string,
): string {
	if (typeof body !== "string") {
		return JSON.stringify(fillJson(body, variables));
	}
	const format = formatOf(body, contentType);
	if (format === "plain") return fillText(body, variables);
	const write = format === "json" ? escaped : encodeURIComponent;
	return replaceReferences(body, (name) =>
		write(valueFor(variables, name).toWellFormed()),
	);
}

function fillJson(value: unknown, variables: Variables): unknown {
	if (typeof value === "string") return fillText(value, variables);
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) {
		return value.map((each) => fillJson(each, variables));
	}
	const entries = Object.entries(value).map(
		([key, each]) => [key, fillJson(each, variables)] as const,
	);
	return Object.fromEntries(entries);
}

/** As it stands between the quotes of a JSON string. */
function escaped(value: string): string {
	return JSON.stringify(value).slice(1, -1);
}
