import fc from "fast-check";
import { expect, test } from "vitest";
import {
	judgeFreshness,
	unreadable,
} from "../../../src/integration/data-flows/freshness.ts";

const time = (age: number) => ({ kind: "time", age }) as const;

test.for([
	[3600, 3600, "fresh", "healthy", "newest data is 1 h old"],
	[
		3660,
		3600,
		"stale",
		"unhealthy",
		"its newest data is 1 h 1 min old, the limit is 1 h",
	],
	[
		7200,
		3600,
		"stale",
		"unhealthy",
		"its newest data is 2 h old, the limit is 1 h",
	],
	[
		7201,
		3600,
		"stopped",
		"unhealthy",
		"has stopped: its newest data is 2 h old, the limit is 1 h",
	],
	[7201, 86_400, "fresh", "healthy", "newest data is 2 h old"],
	[
		90_000,
		86_400,
		"stopped",
		"unhealthy",
		"has stopped: its newest data is 1 d 1 h old, the limit is 1 d",
	],
	[-30, 900, "fresh", "healthy", "newest data is 0 s old"],
	[
		-300,
		900,
		"unreadable",
		"unhealthy",
		"its newest data is 5 min in the future",
	],
] as const)(
	"data of %d s with a limit of %d s is %s",
	([age, limit, condition, state, reason]) => {
		expect(judgeFreshness(time(age), limit)).toEqual({
			condition,
			verdict: { state, reason },
			age,
		});
	},
);

test("a number is an age in seconds", () => {
	const number = { kind: "number", value: 12 } as const;
	expect(judgeFreshness(number, 60)).toEqual(judgeFreshness(time(12), 60));
});

test("a flow without any data differs from an old one, and has no age", () => {
	expect(judgeFreshness({ kind: "nothing" }, 60)).toEqual({
		condition: "empty",
		verdict: { state: "unhealthy", reason: "has no data at all" },
		age: undefined,
	});
});

test("a flow whose age can't be read says why, and has none", () => {
	expect(unreadable("there is no such table")).toEqual({
		condition: "unreadable",
		verdict: {
			state: "unhealthy",
			reason: "its age cannot be read: there is no such table",
		},
		age: undefined,
	});
});

test("older data is never in a better condition", () => {
	const order = ["fresh", "stale", "stopped"];
	const age = fc.integer({ min: 0, max: 1e7 });
	fc.assert(
		fc.property(age, age, fc.integer({ min: 1, max: 1e7 }), (a, b, limit) => {
			const [younger, older] = [Math.min(a, b), Math.max(a, b)].map((each) =>
				order.indexOf(judgeFreshness(time(each), limit).condition),
			);
			expect(older).toBeGreaterThanOrEqual(younger ?? -1);
		}),
	);
});
