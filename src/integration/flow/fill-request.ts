import type {
	Assertion,
	HttpRequestConfig,
} from "../../config/schema/request.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { requestOptions } from "../http/request-options.ts";
import { fillBody } from "./fill-body.ts";
import { fillUrl } from "./fill-url.ts";
import type { Variables } from "./references.ts";
import { fillText, referencesIn } from "./references.ts";
import { VariableError } from "./step-error.ts";

/**
 * The request of a step with the values in it.
 * @throws VariableError if one is missing, or may not stand where it should
 */
export function fillRequest(
	config: HttpRequestConfig,
	variables: Variables,
): HttpRequest {
	const headers = fillHeaders(config.headers, variables);
	const { body } = config;
	return {
		...requestOptions({ ...config, headers }),
		url: fillUrl(config.url, variables),
		body:
			body === undefined
				? undefined
				: fillBody(body, variables, contentTypeOf(headers)),
	};
}

/** Assertions with the values in what an answer has to equal or contain. */
export function fillAssertions(
	assertions: readonly Assertion[],
	variables: Variables,
): Assertion[] {
	return assertions.map(({ equals, contains, ...rest }) => ({
		...rest,
		...(equals === undefined ? {} : { equals: fillScalar(equals, variables) }),
		...(contains === undefined
			? {}
			: { contains: fillText(contains, variables) }),
	}));
}

/** A text with the values in it; what is no text stays as it is. */
export function fillScalar<Value>(
	value: Value,
	variables: Variables,
): Value | string {
	return typeof value === "string" ? fillText(value, variables) : value;
}

function fillHeaders(
	headers: HttpRequestConfig["headers"],
	variables: Variables,
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [
			name,
			fillHeader(value, variables),
		]),
	);
}

function fillHeader(template: string, variables: Variables): string {
	const value = fillText(template, variables);
	if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
	const names = referencesIn(template).map((name) => `"${name}"`);
	throw new VariableError(
		`what is in the variable ${names.join(", ")} can't stand in a header`,
	);
}

/** Empty where there is none. */
export function contentTypeOf(
	headers: Readonly<Record<string, string>>,
): string {
	const found = Object.entries(headers).find(
		([name]) => name.toLowerCase() === "content-type",
	);
	return found?.[1] ?? "";
}
