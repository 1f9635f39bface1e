import { Unreadable } from "./unreadable.ts";

/** A number as Postgres writes it; a boolean is 1 or 0. */
export function finiteNumber(text: string, what: "number" | "time"): number {
	if (text === "true" || text === "t") return 1;
	if (text === "false" || text === "f") return 0;
	const value = Number(text);
	if (text !== "" && Number.isFinite(value)) return value;
	throw new Unreadable(`the query gives a ${what} that is not finite`);
}

const advice: Readonly<Record<string, string>> = {
	interval: "extract(epoch FROM …) of it is its seconds",
	text: "convert it, as by ::numeric or ::timestamptz",
	"character varying": "convert it, as by ::numeric or ::timestamptz",
	unknown: "convert it, as by ::numeric or ::timestamptz",
};

/** What to do with a type that is none of a value. */
export function typeAdvice(type: string): Unreadable {
	const help = advice[type] ?? "it takes a number, a boolean or a time";
	return new Unreadable(`the query gives a value of type ${type}: ${help}`);
}
