import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	describe as describeValue,
	stackFrames,
} from "../../../supabase/functions/_shared/monitoring/describe.ts";

const shown = (value: unknown) => describeValue(value);

describe("hostile data is described", () => {
	it("where it is circular", () => {
		const self: Record<string, unknown> = { a: 1 };
		self.self = self;
		self.list = [self];
		expect(shown(self)).toEqual({
			a: 1,
			self: "[circular]",
			list: ["[circular]"],
		});
		const twice = { b: 1 };
		expect(shown([twice, twice])).toEqual([{ b: 1 }, { b: 1 }]);
	});

	it("where it is too deep, too long or too much", () => {
		let deep: unknown = "bottom";
		for (let each = 0; each < 10_000; each++) deep = { deep };
		expect(JSON.stringify(shown(deep))).toContain("[too deep]");
		expect(shown("x".repeat(10_000_000))).toBe(
			`${"x".repeat(2048)}... (10000000 characters)`,
		);
		const many = Array.from({ length: 1000 }, (_, each) => each);
		expect(shown(many)).toHaveLength(51);
		const wide = Object.fromEntries(
			many.map((each) => [`key-${each}`, "value ".repeat(100)]),
		);
		expect(JSON.stringify(shown([wide, wide, wide])).length).toBeLessThan(
			25_000,
		);
	});

	it("where JSON has no word for it", () => {
		expect(
			shown({
				big: 12345678901234567890n,
				nan: Number.NaN,
				infinite: Number.POSITIVE_INFINITY,
				symbol: Symbol("s"),
				run: () => 1,
				nothing: null,
				left: undefined,
				list: [undefined],
				date: new Date("2026-11-24T00:00:00Z"),
				wrong: new Date("never"),
				map: new Map<unknown, unknown>([
					["a", 1],
					[2, "b"],
				]),
				set: new Set(["a", "b"]),
				bytes: new Uint8Array(16),
				url: new URL("https://example.com/a?b=c"),
				headers: new Headers({ a: "b" }),
				promise: Promise.resolve(),
				pattern: /a/,
				bare: Object.create(null),
				made: new (class Thing {
					field = 1;
				})(),
			}),
		).toEqual({
			big: "12345678901234567890",
			nan: "NaN",
			infinite: "Infinity",
			symbol: "Symbol(s)",
			run: "[function]",
			nothing: null,
			list: ["undefined"],
			date: "2026-11-24T00:00:00.000Z",
			wrong: "[unreadable]",
			map: { a: 1, 2: "b" },
			set: ["a", "b"],
			bytes: "[16 bytes]",
			url: "https://example.com/a?***",
			headers: "[object Headers]",
			promise: "[object Promise]",
			pattern: "[object RegExp]",
			bare: {},
			made: { field: 1 },
		});
	});

	it("without running its getters", () => {
		let ran = 0;
		const object = {
			get costly() {
				ran += 1;
				throw new Error("hostile");
			},
		};
		const list = Object.defineProperty([1], "0", {
			get: () => {
				ran += 1;
				return 1;
			},
		});
		expect(shown({ object, list })).toEqual({
			object: { costly: "[getter]" },
			list: ["[getter]"],
		});
		expect(ran).toBe(0);
	});

	it("where a proxy throws at every touch", () => {
		const hostile: object = new Proxy(
			{},
			{
				get() {
					throw new Error("no");
				},
				ownKeys() {
					throw new Error("no");
				},
				getPrototypeOf() {
					throw new Error("no");
				},
			},
		);
		expect(shown({ hostile, a: [hostile] })).toEqual({
			hostile: "[unreadable]",
			a: ["[unreadable]"],
		});
		const { proxy, revoke } = Proxy.revocable({}, {});
		revoke();
		expect(shown(proxy)).toBe("[unreadable]");
	});

	it("where a key is __proto__", () => {
		const data = JSON.parse('{"__proto__": {"polluted": true}}');
		const described = JSON.stringify(shown(data));
		expect(described).toBe('{"__proto__":{"polluted":true}}');
		expect(Reflect.get({}, "polluted")).toBeUndefined();
	});

	it("whatever it is: as JSON of bounded size, without an exception", () => {
		fc.assert(
			fc.property(
				fc.anything({
					withBigInt: true,
					withDate: true,
					withMap: true,
					withSet: true,
					withNullPrototype: true,
					withObjectString: true,
					withTypedArray: true,
					withSparseArray: true,
				}),
				(value) => {
					const json = JSON.stringify(shown(value)) ?? "";
					expect(json.length).toBeLessThan(150_000);
				},
			),
		);
	});
});

describe("an error is described", () => {
	it("with its cause, its code, and where it was thrown, its message said once", () => {
		const cause = Object.assign(new TypeError("inner"), { code: "E_INNER" });
		const error = new RangeError("outer", { cause });
		expect(shown(error)).toEqual({
			name: "RangeError",
			message: "outer",
			stack: expect.stringMatching(/^at .*describe\.test\.ts/),
			cause: {
				name: "TypeError",
				message: "inner",
				stack: expect.not.stringContaining("inner"),
				code: "E_INNER",
			},
		});
	});

	it("with those that it gathers", () => {
		const error = new AggregateError([new Error("one"), "two"], "all");
		expect(shown(error)).toMatchObject({
			errors: [{ message: "one" }, "two"],
		});
	});

	it("even if its parts throw, or it is its own cause", () => {
		const hostile = new Error("x");
		Object.defineProperty(hostile, "message", {
			get() {
				throw new Error("no");
			},
		});
		Object.defineProperty(hostile, "stack", { value: 7 });
		expect(shown(hostile)).toEqual({ name: "Error" });
		const own = new Error("own");
		own.cause = own;
		expect(shown(own)).toMatchObject({ cause: "[circular]" });
	});

	it("whose message looks like places, by its places alone", () => {
		const message = "the service said:\n    at canary:1:1\n    at canary:2";
		const frames = stackFrames(new Error(message));
		expect(frames).not.toContain("canary");
		expect(frames).toMatch(/^at .*describe\.test\.ts/);
	});

	it("in a span by its places alone", () => {
		const error = new Error("secret\nat another line of the message");
		expect(stackFrames(error)).toContain("describe.test.ts");
		expect(stackFrames(error)).not.toContain("message");
		expect(stackFrames("thrown text")).toBe("");
	});
});

describe("secrets in data", () => {
	it("are left out by the names of their properties, however deep", () => {
		expect(
			shown({
				user: { password: "a", profile: [{ email: "b" }] },
				tokens: 7,
				pairs: [
					["authorization", "Bearer c"],
					["accept", "d"],
				],
				map: new Map([["api_key", "e"]]),
				error: Object.assign(new Error("f"), { session: { id: "g" } }),
			}),
		).toMatchObject({
			user: { password: "***", profile: [{ email: "***" }] },
			tokens: 7,
			pairs: [
				["authorization", "***"],
				["accept", "d"],
			],
			map: { api_key: "***" },
			error: { session: "***" },
		});
	});

	it("keep their user only where it may be told", () => {
		expect(shown({ userId: "u" })).toEqual({ userId: "u" });
		expect(describeValue({ userId: "u" }, { users: false })).toEqual({
			userId: "***",
		});
	});
});
