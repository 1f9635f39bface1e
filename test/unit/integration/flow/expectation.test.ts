import fc from "fast-check";
import { expect, test } from "vitest";
import { isAsExpected } from "../../../../src/integration/flow/expectation.ts";

test.each([
	["1", 1, true],
	["1.50", 1.5, true],
	["2", 1, false],
	["", 0, false],
	["t", true, true],
	["true", true, true],
	["f", true, false],
	["f", false, true],
	["t", "t", true],
	["1.0", "1", false],
	[null, null, true],
	[undefined, null, true],
	["", null, false],
	[null, 0, false],
	[undefined, false, false],
	[null, "", false],
	["anything", undefined, true],
	[null, undefined, true],
	[undefined, undefined, false],
] as const)("found %j, expected %j: %j", (found, expected, verdict) => {
	expect(isAsExpected(found, expected)).toBe(verdict);
});

test("every number is as expected in Postgres' way to write it", () => {
	const number = fc.double({ noNaN: true, noDefaultInfinity: true });
	fc.assert(
		fc.property(number, (value) => {
			expect(isAsExpected(String(value), value)).toBe(true);
		}),
	);
});
