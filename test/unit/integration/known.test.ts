import { expect, test } from "vitest";
import type { Entry } from "../../../src/history/history.ts";
import type { Check } from "../../../src/integration/check.ts";
import { knownBefore } from "../../../src/integration/known.ts";

const now = 1_800_000_000_000;

function check(name: string, rest: Partial<Check> = {}): Check {
	return {
		group: "ml_pipeline",
		name,
		interval: 30,
		dependsOn: [],
		failuresBeforeUnhealthy: 2,
		successesBeforeHealthy: 1,
		run: async () => ({
			verdict: { state: "healthy", reason: "" },
			duration: 0,
		}),
		...rest,
	};
}

function entry(name: string, secondsAgo: number, state = "healthy"): Entry {
	return {
		at: now - secondsAgo * 1000,
		scope: "integration",
		name,
		state,
		reason: `${secondsAgo} s ago`,
	};
}

const entries = (all: Entry[]) => ({
	entries: (_scope: string, since: number) =>
		all.filter(({ at }) => at >= since),
});

test("the last result of each check is known, where it is younger than the check's interval", () => {
	const known = knownBefore(
		[check("model"), check("slow", { interval: 3600 }), check("new")],
		entries([
			entry("ml_pipeline/slow", 3000),
			entry("ml_pipeline/model", 45),
			entry("ml_pipeline/model", 20, "unhealthy"),
			entry("ml_pipeline/removed", 10),
		]),
		now,
	);
	expect(
		[...known].map(([name, { state, reason }]) => [name, state, reason]),
	).toEqual([
		["ml_pipeline/slow", "healthy", "3000 s ago"],
		["ml_pipeline/model", "unhealthy", "20 s ago"],
	]);
});

test("what is too old, of an unknown state, or a heartbeat is not known", () => {
	const known = knownBefore(
		[check("model"), check("odd"), check("job", { group: "heartbeats" })],
		entries([
			entry("ml_pipeline/model", 31),
			entry("ml_pipeline/odd", 5, "wonderful"),
			entry("heartbeats/job", 5),
		]),
		now,
	);
	expect(known).toEqual(new Map());
});
