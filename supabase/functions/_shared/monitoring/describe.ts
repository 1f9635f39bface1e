import { withoutUser } from "./context.ts";
import { isPrivate, isUserId, redacted, redactText } from "./redact.ts";
import { property, textOf } from "./runtime.ts";

export type Json =
	| string
	| number
	| boolean
	| null
	| Json[]
	| { [key: string]: Json };

const deepest = 6;
const mostEntries = 50;
const longestText = 2048;
/** Characters of all texts and keys of one value together. */
const mostCharacters = 16_384;

type Entry = readonly [key: unknown, value: unknown];

interface Description {
	left: number;
	readonly path: Set<object>;
	/** Whether user ids may be in it: in log lines, but not in what is sent. */
	readonly users: boolean;
}

/**
 * Any value as plain JSON of bounded size, without secrets. It never throws and never runs a getter:
 * what is circular, too deep, too much or hostile is described in words.
 */
export function describe(
	value: unknown,
	{ users = true } = {},
): Json | undefined {
	if (value === undefined) return undefined;
	return describeAny(value, { left: mostCharacters, path: new Set(), users });
}

function describeAny(value: unknown, into: Description): Json {
	if (into.left <= 0) return "...";
	into.left -= 8;
	switch (typeof value) {
		case "string":
			return describeText(value, longestText, into);
		case "number":
			return Number.isFinite(value) ? value : String(value);
		case "boolean":
			return value;
		case "object":
			return value && describeObject(value, into);
		case "function":
			return "[function]";
		default:
			return describeText(String(value), 100, into);
	}
}

function describeText(
	text: string,
	longest: number,
	into: Description,
): string {
	const named = into.users ? text : withoutUser(text);
	const shown = redactText(named, Math.min(longest, into.left));
	into.left -= shown.length;
	return shown;
}

function describeObject(value: object, into: Description): Json {
	if (into.path.has(value)) return "[circular]";
	if (into.path.size >= deepest) return "[too deep]";
	into.path.add(value);
	try {
		return describeKind(value, into);
	} catch {
		return "[unreadable]";
	} finally {
		into.path.delete(value);
	}
}

function describeKind(value: object, into: Description): Json {
	if (value instanceof Error) return describeError(value, into);
	if (Array.isArray(value)) return describeArray(value, into);
	if (value instanceof Date) return value.toISOString();
	if (value instanceof URL) return describeAny(value.href, into);
	if (value instanceof Map) return describeEntries(value, value.size, into);
	if (value instanceof Set) return describeList(value, value.size, into);
	if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
		return `[${value.byteLength} bytes]`;
	}
	const entries = ownEntries(value);
	const kind = Object.prototype.toString.call(value);
	if (entries.length === 0 && kind !== "[object Object]") return kind;
	return describeEntries(entries, entries.length, into);
}

/** Name, message, the places of the stack, and the cause: what can be read of them. */
function describeError(error: Error, into: Description): Json {
	const parts: Entry[] = [
		["name", property(error, "name")],
		["message", property(error, "message")],
		["stack", stackFrames(error) || undefined],
		...ownEntries(error),
		["cause", property(error, "cause")],
		["errors", property(error, "errors")],
	];
	return describeEntries(parts, parts.length, into);
}

/** The lines of a stack that say where, without those that repeat the message. */
export function stackFrames(error: unknown): string {
	const stack = property(error, "stack");
	if (typeof stack !== "string") return "";
	// The message may have lines that look like places.
	return stack
		.replace(textOf(property(error, "message")), "")
		.slice(0, 16_384)
		.split("\n")
		.filter((line) => /^\s+at .*\d/.test(line))
		.slice(0, 12)
		.map((line) => redactText(line.trim(), 240))
		.join("\n");
}

function describeArray(items: readonly unknown[], into: Description): Json {
	const { length } = items;
	// A header or a form's field, as `[...headers]` gives it.
	const key = ownValue(items, "0");
	if (length === 2 && typeof key === "string") {
		const value = ownValue(items, "1");
		if (hides(key, value, into)) return [key.slice(0, 100), redacted];
	}
	return describeList(itemsOf(items), length, into);
}

function* itemsOf(items: readonly unknown[]): Generator<unknown> {
	for (let at = 0; at < items.length; at++) yield ownValue(items, String(at));
}

function describeList(
	items: Iterable<unknown>,
	size: number,
	into: Description,
): Json {
	const described: Json[] = [];
	for (const item of items) {
		if (described.length >= mostEntries) {
			described.push(`... (${size} entries)`);
			break;
		}
		described.push(describeAny(item, into));
	}
	return described;
}

function describeEntries(
	entries: Iterable<Entry>,
	size: number,
	into: Description,
): Json {
	const described: [string, Json][] = [];
	for (const [key, value] of entries) {
		if (described.length >= mostEntries) {
			described.push(["...", `${size} entries`]);
			break;
		}
		if (value === undefined) continue;
		const name = describeText(String(key), 100, into);
		described.push([
			name,
			hides(name, value, into) ? redacted : describeAny(value, into),
		]);
	}
	return Object.fromEntries(described);
}

function hides(key: string, value: unknown, { users }: Description): boolean {
	return isPrivate(key, value) || (!users && isUserId(key));
}

function ownEntries(value: object): Entry[] {
	return Object.keys(value).map((key) => [key, ownValue(value, key)]);
}

/** A property's value; a getter is not run. */
function ownValue(value: object, key: string): unknown {
	try {
		const found = Object.getOwnPropertyDescriptor(value, key);
		return found && "value" in found ? found.value : "[getter]";
	} catch {
		return "[unreadable]";
	}
}
