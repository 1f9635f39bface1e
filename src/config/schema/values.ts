import { z } from "zod";

// Each message completes the sentence "<value> is not …".

export function number(from: number, to: number, unit: string) {
	const error = `a number from ${from} to ${to} (${unit})`;
	return z.number({ error }).min(from, { error }).max(to, { error });
}

export function wholeNumber(from: number, to: number, unit: string) {
	const error = `a whole number from ${from} to ${to} (${unit})`;
	return z.int({ error }).min(from, { error }).max(to, { error });
}

export const percent = () => number(0, 100, "%");
export const milliseconds = () => number(1, 600_000, "milliseconds");
export const seconds = (from: number, to: number) =>
	number(from, to, "seconds");

export const text = (error: string, max = 4096) =>
	z.string({ error }).min(1, { error }).max(max, { error });

export const yesOrNo = () => z.boolean({ error: "true or false" });

const nameError =
	"a name of lower-case letters, digits and underscores that begins with a letter";
export const name = () =>
	text(nameError, 64).regex(/^[a-z][a-z0-9_]*$/, { error: nameError });

export const names = (what: string) =>
	z.array(name(), { error: `a list of ${what}` });

export const named = <Value extends z.ZodType>(value: Value, what: string) =>
	z.record(name(), value, { error: `a mapping of names to ${what}` });

export const mapping = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
	z.strictObject(shape, { error: "a mapping of keys to values" });

export const pattern = (what: string, max = 512) =>
	text(what, max).refine(isPattern, {
		error: "a regular expression that can be parsed",
	});

const urlError =
	"an http:// or https:// URL, or a path under /functions/ of SUPABASE_URL";
/** An address; a path under `/functions/` stands for one of the Supabase project. */
export const httpUrl = () =>
	text(urlError).refine(isHttpUrl, { error: urlError });

export const sql = () => text("an SQL query", 20_000);

function isHttpUrl(value: string): boolean {
	if (value.startsWith("/functions/")) return true;
	return /^https?:\/\/[^/]/i.test(value) && URL.canParse(value);
}

function isPattern(value: string): boolean {
	try {
		new RegExp(value);
		return true;
	} catch {
		return false;
	}
}
