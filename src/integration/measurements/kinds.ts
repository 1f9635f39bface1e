import type { SourceValue } from "../values/source.ts";

/** What a value is to be, and so which ones it can't have. */
export type Kind = "any" | "share" | "amount" | "age";

export type Judged =
	| { readonly value: number }
	/** Completes "<name> …". */
	| { readonly problem: string };

/** Seconds that a time may lie in the future: clocks differ by so much. */
const toleratedFuture = 60;

/** The number that a source's value stands for; the age of a time. */
export function judgeValue(found: SourceValue, kind: Kind): Judged {
	if (found.kind === "nothing") return { problem: "has no value" };
	const takesTimes = kind === "any" || kind === "age";
	if (found.kind === "time" && !takesTimes) {
		return { problem: "is a time, which has to be a number" };
	}
	const value = found.kind === "time" ? found.age : found.value;
	switch (kind) {
		case "any":
			return { value };
		case "share":
			return value >= 0 && value <= 1
				? { value }
				: { problem: `is ${value}, which is no share from 0 to 1` };
		case "amount":
			return value >= 0
				? { value }
				: { problem: `is ${value}, which has to be at least 0` };
		case "age":
			return value >= -toleratedFuture
				? { value: Math.max(0, value) }
				: { problem: "is a time in the future" };
	}
}
