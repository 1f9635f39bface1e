import { ExplainedError } from "./failure.ts";

/** A row as Postgres' text protocol gives it, by column. */
export type Row = Readonly<Record<string, string | null>>;

/**
 * A number that the server always gives.
 * @throws ExplainedError if it did not
 */
export function numberIn(row: Row, column: string): number {
	const value = numberOrNull(row, column);
	if (value !== null) return value;
	throw new ExplainedError(`the server's answer has no ${column}`);
}

/**
 * A number, or null where the server has none.
 * @throws ExplainedError if it is not a finite number
 */
export function numberOrNull(row: Row, column: string): number | null {
	const text = textOrNull(row, column);
	if (text === null) return null;
	const value = Number(text);
	if (text !== "" && Number.isFinite(value)) return value;
	throw new ExplainedError(`the server's ${column} is not a number`);
}

export function textIn(row: Row, column: string): string {
	const text = textOrNull(row, column);
	if (text !== null) return text;
	throw new ExplainedError(`the server's answer has no ${column}`);
}

export function textOrNull(row: Row, column: string): string | null {
	const text = row[column];
	if (text !== undefined) return text;
	throw new ExplainedError(`the server's answer has no column ${column}`);
}

/** Whether a boolean column is true; NULL is not. */
export function isTrue(row: Row, column: string): boolean {
	return textOrNull(row, column) === "t";
}
