import fc from "fast-check";
import { expect, test } from "vitest";
import {
	BoundedText,
	bodyLimit,
} from "../../../../src/integration/http/bounded-text.ts";

test("chunks are one text, wherever they were cut", () => {
	const text = fc.string({ unit: "grapheme", maxLength: 200 });
	fc.assert(
		fc.property(text, fc.integer({ min: 1, max: 9 }), (whole, size) => {
			const bytes = Buffer.from(whole);
			const bounded = new BoundedText();
			for (let at = 0; at < bytes.length; at += size) {
				expect(bounded.add(bytes.subarray(at, at + size))).toBe(true);
			}
			expect(bounded.toString()).toBe(whole.replace(/^\ufeff/, ""));
		}),
	);
});

test("a text may have just 1 MiB", () => {
	const bounded = new BoundedText();
	expect(bounded.add(Buffer.alloc(bodyLimit - 1, "x"))).toBe(true);
	expect(bounded.add(Buffer.from("xy"))).toBe(false);
	expect(bounded.add(Buffer.from("y"))).toBe(true);
	expect(bounded.add(Buffer.from("z"))).toBe(false);
	expect(bounded.toString()).toHaveLength(bodyLimit);
});
