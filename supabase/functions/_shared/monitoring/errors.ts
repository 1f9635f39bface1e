import { withoutUser } from "./context.ts";
import { ownEntry, writeLine } from "./log-line.ts";
import { redactText } from "./redact.ts";
import { property } from "./runtime.ts";

/** `error.type` of what was thrown: its code, such as `23505` or `ECONNRESET`, else its name or class. */
export function errorType(thrown: unknown): string {
	if (typeof thrown !== "object" || thrown === null) return typeof thrown;
	const code = property(thrown, "code");
	if (typeof code === "string" && code) return typeName(code);
	const kind = property(thrown, "constructor");
	return typeName(property(thrown, "name") ?? property(kind, "name"));
}

/** A name or code, if it looks like one: it becomes a label and must not be someone's text. */
export function typeName(name: unknown): string {
	const text = redactText(withoutUser(name), 64);
	return /^[\w.$:-]+$/.test(text) ? text : "Error";
}

/** Runs work of the library itself: a mistake in it is told, and the request goes on without it. */
export function quietly<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch (mistake) {
		writeLine(ownEntry("warn", `Monitoring failed: ${errorType(mistake)}`));
		return undefined;
	}
}
