import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	causesOf,
	type Judged,
	told,
} from "../../../src/integration/causes.ts";
import type { State } from "../../../src/integration/state.ts";

const now = 1_800_000_000_000;

function component(
	name: string,
	state: State,
	rest: Partial<Judged> = {},
): Judged {
	return {
		name,
		verdict: { state, reason: `${name} itself` },
		isSuspect: false,
		dependsOn: [],
		...rest,
	};
}

function tellAll(...components: Judged[]) {
	const all = new Map(components.map((each) => [each.name, each]));
	return Object.fromEntries(
		components.map((each) => {
			const { state, reason, cause } = told(each, all, now);
			return [each.name, cause ? [state, cause, reason] : [state, reason]];
		}),
	);
}

describe("a component that fails", () => {
	test("is unknown while what it depends on is down, and names it", () => {
		expect(
			tellAll(
				component("model", "unhealthy"),
				component("edge", "degraded", { dependsOn: ["model"] }),
			),
		).toEqual({
			model: ["unhealthy", "model itself"],
			edge: ["unknown", "model", "needs model, which is down (edge itself)"],
		});
	});

	test("is blamed itself while what it depends on is well, degraded, or unknown", () => {
		for (const state of ["healthy", "degraded", "unknown"] as const) {
			const { edge } = tellAll(
				component("model", state),
				component("edge", "unhealthy", { dependsOn: ["model"] }),
			);
			expect(edge).toEqual(["unhealthy", "edge itself"]);
		}
	});

	test("is unknown already when what it depends on was found down once", () => {
		const { edge } = tellAll(
			component("model", "healthy", { isSuspect: true }),
			component("edge", "unhealthy", { dependsOn: ["model"] }),
		);
		expect(edge?.[0]).toBe("unknown");
	});

	test("names the cause that hangs on nothing that is down, however near or far it is", () => {
		const seen = tellAll(
			component("postgres", "unhealthy"),
			component("model", "unhealthy", { dependsOn: ["postgres"] }),
			component("edge", "unhealthy", { dependsOn: ["model"] }),
		);
		expect(seen.model?.slice(0, 2)).toEqual(["unknown", "postgres"]);
		expect(seen.edge?.slice(0, 2)).toEqual(["unknown", "postgres"]);
		const near = tellAll(
			component("postgres", "unhealthy"),
			component("sync", "unhealthy", { dependsOn: ["postgres"] }),
			component("job", "healthy", { dependsOn: ["sync"] }),
			component("cache", "unhealthy", { dependsOn: ["postgres", "job"] }),
		);
		expect(near.cache?.slice(0, 2)).toEqual(["unknown", "postgres"]);
	});

	test("is not excused by a name that no one has", () => {
		const { edge } = tellAll(
			component("edge", "unhealthy", { dependsOn: ["nobody", "edge"] }),
		);
		expect(edge).toEqual(["unhealthy", "edge itself"]);
	});
});

test("a component that is well is well, whatever it depends on", () => {
	const { edge } = tellAll(
		component("model", "unhealthy"),
		component("edge", "healthy", { dependsOn: ["model"] }),
	);
	expect(edge).toEqual(["healthy", "edge itself"]);
});

test("of a chain's stages only the first that is not fresh is unhealthy; those behind it say so, and a fresh one is well", () => {
	expect(
		tellAll(
			component("source", "healthy"),
			component("sync", "unhealthy", { after: "source" }),
			component("embedding", "healthy", { after: "sync" }),
			component("cache", "unhealthy", { after: "embedding" }),
		),
	).toEqual({
		source: ["healthy", "source itself"],
		sync: ["unhealthy", "sync itself"],
		embedding: ["healthy", "embedding itself"],
		cache: ["unknown", "sync", "behind sync"],
	});
});

test("a stage has the time of its own limit to catch up with one that is fresh again", () => {
	const seen = (secondsAgo: number) =>
		tellAll(
			component("sync", "healthy", { recoveredAt: now - secondsAgo * 1000 }),
			component("cache", "unhealthy", { after: "sync", catchUp: 900 }),
		).cache;
	expect(seen(60)).toEqual([
		"unknown",
		"sync",
		"behind sync, which is well again since 1 min (cache itself)",
	]);
	expect(seen(900)?.[0]).toBe("unknown");
	expect(seen(901)).toEqual(["unhealthy", "cache itself"]);
});

test("a job has the time of its next run to report, once what it depends on is well again", () => {
	const { job } = tellAll(
		component("model", "healthy", { recoveredAt: now - 5000 }),
		component("job", "unhealthy", { dependsOn: ["model"], catchUp: 60 }),
	);
	expect(job).toEqual([
		"unknown",
		"model",
		"behind model, which is well again since 5 s (job itself)",
	]);
});

test("all that a component depends on is found, near and far, in a circle too", () => {
	const all = [
		component("a", "healthy", { dependsOn: ["b", "c"] }),
		component("b", "healthy", { dependsOn: ["d"] }),
		component("c", "healthy"),
		component("d", "healthy", { dependsOn: ["a"] }),
	];
	const byName = new Map(all.map((each) => [each.name, each]));
	expect(all.map((each) => causesOf(each, byName))).toEqual([
		["b", "c", "d"],
		["d", "a", "c"],
		[],
		["a", "b", "c"],
	]);
});

test("whatever depends on whatever: a chain in which anything is bad has exactly one stage that is unhealthy, its first bad one", () => {
	const chain = fc.array(fc.constantFrom<State>("healthy", "unhealthy"), {
		minLength: 1,
		maxLength: 12,
	});
	fc.assert(
		fc.property(chain, (stages) => {
			const components = stages.map((state, index) =>
				component(`stage${index}`, state, { after: `stage${index - 1}` }),
			);
			const seen = Object.values(tellAll(...components));
			const first = stages.indexOf("unhealthy");
			stages.forEach((state, index) => {
				const expected =
					state === "healthy"
						? "healthy"
						: index === first
							? "unhealthy"
							: "unknown";
				expect(seen[index]?.[0]).toBe(expected);
			});
		}),
	);
});
