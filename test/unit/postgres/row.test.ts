import { expect, test } from "vitest";
import {
	isTrue,
	numberIn,
	numberOrNull,
	textIn,
} from "../../../src/postgres/row.ts";

test("reads numbers as Postgres writes them", () => {
	const row = {
		big: "9007199254740991",
		negative: "-12",
		decimal: "0.000250",
		scientific: "1.5e-07",
	};
	expect(numberIn(row, "big")).toBe(9007199254740991);
	expect(numberIn(row, "negative")).toBe(-12);
	expect(numberIn(row, "decimal")).toBe(0.00025);
	expect(numberIn(row, "scientific")).toBe(1.5e-7);
});

test("tells NULL from a number, and both from what is none", () => {
	const row = { none: null, empty: "", word: "on", endless: "Infinity" };
	expect(numberOrNull(row, "none")).toBeNull();
	expect(() => numberIn(row, "none")).toThrow(
		"the server's answer has no none",
	);
	for (const column of ["empty", "word", "endless"]) {
		expect(() => numberOrNull(row, column)).toThrow(
			`the server's ${column} is not a number`,
		);
	}
	expect(() => numberOrNull(row, "missing")).toThrow(
		"the server's answer has no column missing",
	);
});

test("reads texts and truths", () => {
	expect(textIn({ name: "" }, "name")).toBe("");
	expect(isTrue({ yes: "t" }, "yes")).toBe(true);
	expect(isTrue({ no: "f" }, "no")).toBe(false);
	expect(isTrue({ unknown: null }, "unknown")).toBe(false);
});
