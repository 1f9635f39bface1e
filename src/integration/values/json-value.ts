import { type JsonValue, query } from "jsonpath-rfc9535";
import type { HttpAnswer } from "../http/exchange.ts";
import { serverTime } from "./server-time.ts";
import type { SourceValue } from "./source.ts";
import { Unreadable } from "./unreadable.ts";

/**
 * The value at a JSONPath of an answer. A time is a text of ISO 8601 with its zone.
 * @param now this machine's clock at the answer's arrival, in Unix milliseconds
 * @throws Unreadable if there is none, or none that is a value
 */
export function readJsonValue(
	answer: HttpAnswer,
	path: string,
	now: number,
): SourceValue {
	const [found = null, ...more] = valuesAt(answer.body, path);
	if (more.length > 0) {
		throw new Unreadable(
			`the answer has ${more.length + 1} values at ${path}: one is expected`,
		);
	}
	switch (typeof found) {
		case "number":
			return { kind: "number", value: finite(found, path) };
		case "boolean":
			return { kind: "number", value: found ? 1 : 0 };
		case "string": {
			const time = timeOf(found, path);
			const age = (serverTime(answer.headers, now) - time) / 1000;
			return { kind: "time", age };
		}
	}
	if (found === null) return { kind: "nothing" };
	const what = Array.isArray(found) ? "a list" : "an object";
	throw new Unreadable(
		`the answer has ${what} at ${path}: a number, true, false or a time is expected`,
	);
}

function valuesAt(body: string, path: string): JsonValue[] {
	let json: JsonValue;
	try {
		json = JSON.parse(body);
	} catch {
		throw new Unreadable("the answer is not JSON");
	}
	return query(json, path);
}

/** JSON may hold 1e999, which is read as infinite. */
function finite(value: number, path: string): number {
	if (Number.isFinite(value)) return value;
	throw new Unreadable(`the answer has a number at ${path} that is too large`);
}

const dateAndTime =
	/^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) ?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;

/** Unix milliseconds. */
function timeOf(text: string, path: string): number {
	const [, date, time, zone] = dateAndTime.exec(text) ?? [];
	if (date !== undefined && zone === undefined) {
		throw new Unreadable(
			`the answer has a time without its zone at ${path}: it has to end in Z, or in an offset such as +09:00`,
		);
	}
	const parsed = Date.parse(
		`${date}T${time?.replace(",", ".")}${offsetOf(zone)}`,
	);
	if (!Number.isNaN(parsed)) return parsed;
	throw new Unreadable(
		`the answer has a text at ${path} that is no time of ISO 8601: a number, true, false or a time is expected`,
	);
}

/** `+0900` and `+09` as JavaScript takes them. */
function offsetOf(zone = ""): string {
	if (!/^[+-]/.test(zone)) return zone.toUpperCase();
	const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
	return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
