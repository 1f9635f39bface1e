import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	rejectedIn,
	retryDelay,
} from "../../../supabase/functions/_shared/monitoring/send.ts";
import {
	type Item,
	Unsent,
} from "../../../supabase/functions/_shared/monitoring/unsent.ts";

function item(json: string): Item {
	return { signal: "traces", functionName: "f", json };
}
const texts = (items: readonly Item[]) => items.map(({ json }) => json);

describe("what waits to be sent", () => {
	it("is at most so many bytes: the oldest go first", () => {
		const unsent = new Unsent(10);
		expect(unsent.add(item("1234"))).toEqual([]);
		expect(unsent.add(item("5678"))).toEqual([]);
		expect(texts(unsent.add(item("9abc")))).toEqual(["1234"]);
		expect(texts(unsent.take())).toEqual(["5678", "9abc"]);
	});

	it("is counted in bytes, not in characters", () => {
		const unsent = new Unsent(8);
		unsent.add(item("日本"));
		expect(texts(unsent.add(item("語")))).toEqual(["日本"]);
	});

	it("counts while it is under way, and what is kept comes before what is newer", () => {
		const unsent = new Unsent(10);
		unsent.add(item("1234"));
		const taken = unsent.take();
		expect(unsent.add(item("5678"))).toEqual([]);
		// Under way, the oldest can't be recalled: the oldest of those that wait goes.
		expect(texts(unsent.add(item("9abc")))).toEqual(["5678"]);
		expect(unsent.settled(taken, true)).toEqual([]);
		expect(texts(unsent.take())).toEqual(["1234", "9abc"]);
	});

	it("makes room when it has arrived", () => {
		const unsent = new Unsent(4);
		unsent.add(item("1234"));
		unsent.settled(unsent.take(), false);
		expect(unsent.add(item("5678"))).toEqual([]);
	});

	it("can't be more than fits, also by itself", () => {
		const unsent = new Unsent(3);
		expect(texts(unsent.add(item("1234")))).toEqual(["1234"]);
		expect(unsent.take()).toEqual([]);
	});

	it("never loses count: what comes in goes out, or was told to have gone", () => {
		const step = fc.oneof(
			fc.record({ add: fc.string({ maxLength: 20 }) }),
			fc.record({ settle: fc.boolean() }),
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const unsent = new Unsent(60);
				let [added, gone, arrived] = [0, 0, 0];
				for (const each of steps) {
					if ("add" in each) {
						added += 1;
						gone += unsent.add(item(each.add)).length;
						continue;
					}
					const taken = unsent.take();
					if (!each.settle) arrived += taken.length;
					gone += unsent.settled(taken, each.settle).length;
				}
				const left = unsent.take();
				expect(gone + arrived + left.length).toBe(added);
				const bytes = Buffer.byteLength(texts(left).join(""));
				expect(bytes).toBeLessThanOrEqual(60);
			}),
		);
	});
});

describe("Retry-After", () => {
	const now = Date.parse("2026-11-24T00:00:00Z");
	it.each([
		["seconds", "3", 3000],
		["fractions", "0.5", 500],
		["a date", "Tue, 24 Nov 2026 00:00:10 GMT", 10_000],
		["an eternity", "1e12", 300_000],
	])("in %s is honoured, up to five minutes", (_, header, wait) => {
		expect(retryDelay(header, now)).toBe(wait);
	});

	it.each([null, "", "soon", "0", "-1", "Tue, 24 Nov 2020 00:00:00 GMT"])(
		"%j leaves a moment, which is not the same for all isolates",
		(header) => {
			const waits = Array.from({ length: 20 }, () => retryDelay(header, now));
			for (const wait of waits) {
				expect(wait).toBeGreaterThanOrEqual(500);
				expect(wait).toBeLessThanOrEqual(1500);
			}
			expect(new Set(waits).size).toBeGreaterThan(10);
		},
	);
});

describe("an answer of success", () => {
	it.each([
		['{"partialSuccess":{"rejectedSpans":"5","errorMessage":"x"}}', 5],
		['{"partialSuccess":{"rejectedDataPoints":7}}', 7],
		['{"partialSuccess":{"errorMessage":"1","rejectedLogRecords":"2"}}', 2],
		["{}", 0],
		['{"partialSuccess":null}', 0],
		['{"partialSuccess":{"errorMessage":"9"}}', 0],
		['{"partialSuccess":{"rejectedSpans":-1}}', 0],
		['{"partialSuccess":{"rejectedSpans":1.5}}', 0],
		["", 0],
		["null", 0],
		["<html>", 0],
	])("%s rejected %d", (answer, rejected) => {
		expect(rejectedIn(answer)).toBe(rejected);
	});

	it("of any text rejected some number, without an exception", () => {
		fc.assert(
			fc.property(fc.oneof(fc.json(), fc.string()), (answer) => {
				expect(rejectedIn(answer)).toBeGreaterThanOrEqual(0);
			}),
		);
	});
});
