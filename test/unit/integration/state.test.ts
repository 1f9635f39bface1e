import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	groupState,
	overallState,
	type State,
} from "../../../src/integration/state.ts";

const n = (state: State, count: number) => Array<State>(count).fill(state);

describe("a group", () => {
	test.each([
		[n("healthy", 3), "healthy"],
		[[...n("healthy", 7), ...n("unhealthy", 3)], "degraded"],
		[[...n("healthy", 69), ...n("unhealthy", 31)], "unhealthy"],
		[[...n("healthy", 6), ...n("degraded", 4)], "unhealthy"],
		[[...n("healthy", 2), "unknown"], "healthy"],
		[n("unknown", 2), "unknown"],
		[[], "unknown"],
	] as [State[], State][])("of %j is %s", (components, state) => {
		expect(groupState(components)).toBe(state);
	});

	test("is what the contract says, for any number of components", () => {
		const count = fc.nat({ max: 50 });
		fc.assert(
			fc.property(count, count, count, (healthy, degraded, unhealthy) => {
				const all = healthy + degraded + unhealthy;
				const expected =
					all === 0
						? "unknown"
						: healthy === all
							? "healthy"
							: healthy * 10 >= all * 7
								? "degraded"
								: "unhealthy";
				const components = [
					...n("healthy", healthy),
					...n("degraded", degraded),
					...n("unhealthy", unhealthy),
				];
				expect(groupState(components)).toBe(expected);
			}),
		);
	});
});

describe("everything", () => {
	test.each([
		[["healthy", "healthy"], "healthy"],
		[["healthy", "degraded"], "degraded"],
		[["degraded", "unhealthy"], "unhealthy"],
		[["healthy", "unknown"], "healthy"],
		[["unknown"], "unknown"],
		[[], "unknown"],
	] as [State[], State][])("of groups %j is %s", (groups, state) => {
		expect(overallState(groups)).toBe(state);
	});
});
