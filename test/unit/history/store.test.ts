import fc from "fast-check";
import { expect, test } from "vitest";
import type { Entry } from "../../../src/history/entry.ts";
import { openMemory } from "../../../src/history/file.ts";
import { type Bounds, Store } from "../../../src/history/store.ts";

const now = Date.UTC(2026, 0, 31);
const hour = 3_600_000;

const bounds: Bounds = {
	retentionMs: 30 * 24 * hour,
	maxBytes: 50_000_000,
};

function newStore(others: Partial<Bounds> = {}): Store {
	return new Store(openMemory(), { ...bounds, ...others });
}

function entry(at: number, rest: Partial<Entry> = {}): Entry {
	return { at, scope: "system", name: "system", state: "healthy", ...rest };
}

const anyEntry: fc.Arbitrary<Entry> = fc.record({
	at: fc.integer({ min: 0, max: 8.64e15 }),
	scope: fc.constantFrom("system" as const, "integration" as const),
	name: fc.string({ unit: "grapheme" }),
	state: fc.string(),
	reason: fc.option(fc.string({ unit: "grapheme" }), { nil: undefined }),
	traceId: fc.option(
		fc.string({
			unit: fc.constantFrom(..."0123456789abcdef"),
			minLength: 32,
			maxLength: 32,
		}),
		{ nil: undefined },
	),
	durationMs: fc.option(
		fc
			.integer({ min: 0, max: 1e12 })
			.map((microseconds) => microseconds / 1000),
		{ nil: undefined },
	),
});

test("gives every entry back as it was recorded, in the order of its time", () => {
	fc.assert(
		fc.property(
			fc.uniqueArray(anyEntry, {
				selector: ({ at, scope, name }) => JSON.stringify([at, scope, name]),
			}),
			(entries) => {
				const store = newStore();
				store.add(entries);
				for (const scope of ["system", "integration"] as const) {
					const expected = entries
						.filter((each) => each.scope === scope)
						.sort((a, b) => a.at - b.at);
					const read = store.entries(scope, 0, undefined);
					expect(read.map(({ at }) => at)).toEqual(
						expected.map(({ at }) => at),
					);
					expect(read).toEqual(expect.arrayContaining(expected));
				}
			},
		),
	);
});

test("gives the entries of the scope and the name, from the time on", () => {
	const store = newStore();
	store.add([
		entry(now - 2),
		entry(now - 1),
		entry(now),
		entry(now, { name: "other" }),
		entry(now, { scope: "integration" }),
	]);
	expect(store.entries("system", now - 1, "system")).toMatchObject([
		{ at: now - 1, name: "system" },
		{ at: now, name: "system" },
	]);
	expect(store.entries("system", now, undefined)).toHaveLength(2);
	expect(store.entries("integration", 0, "system")).toHaveLength(1);
	expect(store.entries("system", 0, "nobody")).toEqual([]);
});

test("a name that looks like a number is a name", () => {
	const store = newStore();
	store.add([entry(now, { name: "1", state: "2", reason: "3" })]);
	expect(store.entries("system", 0, "1")).toMatchObject([
		{ name: "1", state: "2", reason: "3" },
	]);
});

test("of two entries about one thing in one millisecond the later stands", () => {
	const store = newStore();
	store.add([entry(now), entry(now, { state: "critical" })]);
	expect(store.entries("system", 0, undefined)).toMatchObject([
		{ state: "critical" },
	]);
});

test("a clock that goes backwards changes the order, and nothing else", () => {
	const store = newStore();
	store.add([entry(now, { state: "critical" })]);
	store.add([entry(now - hour)]);
	store.bound(now - hour);
	expect(store.entries("system", 0, undefined)).toMatchObject([
		{ at: now - hour, state: "healthy" },
		{ at: now, state: "critical" },
	]);
});

test("keeps reasons that are new each time, however many, and no more than 1,000 of them as words", () => {
	const database = openMemory();
	const store = new Store(database, bounds);
	const entries = Array.from({ length: 3000 }, (_, i) =>
		entry(now + i, { reason: `memory at ${i / 7} %` }),
	);
	store.add(entries);
	expect(
		store.entries("system", 0, undefined).map(({ reason }) => reason),
	).toEqual(entries.map(({ reason }) => reason));
	expect(database.prepare("SELECT count(*) AS words FROM word").get()).toEqual({
		words: 1000,
	});
});

test("cuts a reason after 500 characters", () => {
	const store = newStore();
	store.add([entry(now, { reason: "a".repeat(10_000) })]);
	expect(store.entries("system", 0, undefined)).toMatchObject([
		{ reason: "a".repeat(500) },
	]);
});

test("an entry that cannot be stored takes its batch with it, but no word that later ones need", () => {
	const database = openMemory();
	const store = new Store(database, bounds);
	const broken = entry(Number.NaN, { name: "new", reason: "new reason" });
	expect(() => store.add([entry(now), broken])).toThrow();
	expect(store.entries("system", 0, undefined)).toEqual([]);
	store.add([entry(now, { name: "new", reason: "new reason" })]);
	const reopened = new Store(database, bounds);
	expect(reopened.entries("system", 0, "new")).toMatchObject([
		{ reason: "new reason" },
	]);
});

test("removes what is older than the retention, in steps, and keeps the rest", () => {
	const store = newStore({ retentionMs: hour });
	const old = Array.from({ length: 2500 }, (_, i) => entry(now - 2 * hour + i));
	store.add([...old, entry(now - hour + 1), entry(now)]);
	for (let step = 0; step < 3; step += 1) store.bound(now);
	expect(store.entries("system", 0, undefined).map(({ at }) => at)).toEqual([
		now - hour + 1,
		now,
	]);
});

test("removes the oldest first when there is too much", () => {
	const store = newStore({ maxBytes: 1_000_000 });
	const total = 60_000;
	for (let i = 0; i < total; i += 1000) {
		store.add(Array.from({ length: 1000 }, (_, j) => entry(now + i + j)));
		store.bound(now);
	}
	const kept = store.entries("system", 0, undefined).map(({ at }) => at);
	expect(kept.length).toBeGreaterThan(10_000);
	expect(kept.length).toBeLessThan(total);
	expect(kept).toEqual(
		Array.from(
			{ length: kept.length },
			(_, i) => now + total - kept.length + i,
		),
	);
});
