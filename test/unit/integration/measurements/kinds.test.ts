import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	judgeValue,
	type Kind,
} from "../../../../src/integration/measurements/kinds.ts";
import type { SourceValue } from "../../../../src/integration/values/source.ts";

const number = (value: number): SourceValue => ({ kind: "number", value });
const time = (age: number): SourceValue => ({ kind: "time", age });

describe("what a value stands for", () => {
	test.each<[Kind, SourceValue, number]>([
		["any", number(-5), -5],
		["any", time(90), 90],
		["any", time(-90), -90],
		["share", number(0), 0],
		["share", number(1), 1],
		["amount", number(7.5), 7.5],
		["age", number(30), 30],
		["age", time(30), 30],
		["age", time(-0.4), 0],
	])("as %s: %j is %d", (kind, found, value) => {
		expect(judgeValue(found, kind)).toEqual({ value });
	});

	test.each<[Kind, SourceValue, string]>([
		["any", { kind: "nothing" }, "has no value"],
		["share", number(1.01), "is 1.01, which is no share from 0 to 1"],
		["share", number(-0.01), "is -0.01, which is no share from 0 to 1"],
		["share", time(0.5), "is a time, which has to be a number"],
		["amount", number(-1), "is -1, which has to be at least 0"],
		["amount", time(1), "is a time, which has to be a number"],
		["age", time(-61), "is a time in the future"],
	])("as %s: %j has a problem", (kind, found, problem) => {
		expect(judgeValue(found, kind)).toEqual({ problem });
	});
});

test("a share is from 0 to 1, or none", () => {
	fc.assert(
		fc.property(fc.double({ noNaN: true }), (value) => {
			const judged = judgeValue(number(value), "share");
			expect("value" in judged).toBe(value >= 0 && value <= 1);
		}),
	);
});
