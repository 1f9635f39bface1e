import parseJsonPath from "jsonpath-rfc9535/parser";
import { z } from "zod";
import { httpUrl, mapping, pattern, seconds, text, yesOrNo } from "./values.ts";

const methods = [
	"GET",
	"HEAD",
	"POST",
	"PUT",
	"PATCH",
	"DELETE",
	"OPTIONS",
] as const;

const status = () => {
	const error = "an HTTP status from 100 to 599";
	return z.int({ error }).min(100, { error }).max(599, { error });
};

const pathError = "a JSONPath of RFC 9535, such as $.data.id";
export const jsonPath = () =>
	text(pathError, 512).refine(isJsonPath, { error: pathError });

const headerError = "a header's name";
const headerName = () =>
	text(headerError, 128).regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, {
		error: headerError,
	});

const headerValueError = "a header's value, on one line";
const headerValue = () =>
	z
		.string({ error: headerValueError })
		.max(8192, { error: headerValueError })
		.regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: headerValueError });

const scalarError = "a text, a number, true, false or null";
const scalar = () =>
	z.union([z.string(), z.number(), z.boolean(), z.null()], {
		error: scalarError,
	});

/** What has to hold of an answer: of its JSON, of a header, or of its body. */
export const assertion = mapping({
	json: jsonPath().optional().describe("JSONPath of the value to look at."),
	header: headerName().optional().describe("Header to look at."),
	equals: scalar().optional().describe("It is this, type and all."),
	contains: text("a text to contain")
		.optional()
		.describe("It has this text in it."),
	matches: pattern("a regular expression")
		.optional()
		.describe("This regular expression finds something in it."),
	less_than: z
		.number({ error: "a number" })
		.optional()
		.describe("It is a number below this."),
	greater_than: z
		.number({ error: "a number" })
		.optional()
		.describe("It is a number above this."),
	exists: yesOrNo().optional().describe("It is there, or with `false` is not."),
})
	.refine(hasOneSubject, {
		error:
			"an assertion on one of json and header (neither: the body) with equals, contains, matches, less_than, greater_than or exists",
	})
	.meta({ id: "assertion" });

/** What one HTTP request is, and what a right answer to it. */
export const requestShape = {
	url: httpUrl().describe(
		"Address; a path under `/functions/` is one of `SUPABASE_URL`.",
	),
	method: z
		.enum(methods, { error: `one of ${methods.join(", ")}` })
		.default("GET")
		.describe("HTTP method."),
	headers: z
		.record(headerName(), headerValue(), {
			error: "a mapping of headers to values",
		})
		.default({})
		.describe(`Secrets by \`\${env:NAME}\`.`),
	body: z
		.union([z.string(), z.record(z.string(), z.json()), z.array(z.json())], {
			error: "a text, or JSON as a mapping or a list",
		})
		.optional()
		.describe("Text, or what is sent as JSON."),
	timeout: seconds(0.1, 120)
		.default(10)
		.describe("Seconds for all of it, redirects included."),
	expected_status: z
		.union([status(), z.array(status()).min(1)], {
			error: "an HTTP status from 100 to 599, or a list of them",
		})
		.transform((value) => (Array.isArray(value) ? value : [value]))
		.optional()
		.describe("Statuses that are healthy; 200 unless given."),
	assertions: z
		.array(assertion, { error: "a list of assertions" })
		.default([])
		.describe("What else has to hold of the answer."),
	follow_redirects: yesOrNo()
		.default(true)
		.describe(
			"Whether redirects are followed, 10 at most; another host gets none of the headers.",
		),
	verify_tls: yesOrNo()
		.default(true)
		.describe("Whether the certificate has to be valid."),
	ip_version: z
		.union([z.literal(4), z.literal(6)], { error: "4 or 6" })
		.optional()
		.describe("The only version of IP to use; either unless given."),
	allow_link_local: yesOrNo()
		.default(false)
		.describe("Whether link-local and cloud metadata addresses may be asked."),
};

export const request = mapping(requestShape).meta({ id: "request" });

export type HttpRequestConfig = z.output<typeof request>;
export type Assertion = z.output<typeof assertion>;

function isJsonPath(path: string): boolean {
	try {
		parseJsonPath(path);
		return true;
	} catch {
		return false;
	}
}

const operators = [
	"equals",
	"contains",
	"matches",
	"less_than",
	"greater_than",
	"exists",
] as const;

function hasOneSubject(
	value: Partial<
		Record<(typeof operators)[number] | "json" | "header", unknown>
	>,
): boolean {
	const isBoth = value.json !== undefined && value.header !== undefined;
	return !isBoth && operators.some((each) => value[each] !== undefined);
}
