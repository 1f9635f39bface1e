import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { errorType } from "../../../supabase/functions/_shared/monitoring/errors.ts";
import {
	createLogger,
	withMonitoring,
} from "../../../supabase/functions/_shared/monitoring/logger.ts";

let lines: string[];
beforeEach(() => {
	lines = [];
	for (const method of ["debug", "info", "warn", "error"] as const) {
		vi.spyOn(console, method).mockImplementation((line) => {
			lines.push(line);
		});
	}
});
afterEach(() => vi.restoreAllMocks());

function fails(): never {
	throw new Error("hostile");
}
const hostile: Readonly<Record<string, unknown>> = {
	"a proxy that refuses everything": new Proxy(
		{},
		{ getPrototypeOf: fails, get: fails, ownKeys: fails },
	),
	"a text that can't be had": { toString: fails },
	"an error whose name can't be had": Object.defineProperty(
		new Error("x"),
		"name",
		{ value: { toString: fails } },
	),
	"a symbol": Symbol("s"),
	"an object without a prototype": Object.create(null),
	nothing: undefined,
	null: null,
};

/** Calls a method as JavaScript may: with what its types forbid. */
function call(method: string, ...args: unknown[]): unknown {
	const logger = createLogger("f");
	return Reflect.apply(Reflect.get(logger, method), logger, args);
}

describe.each(Object.entries(hostile))("given %s", (_, value) => {
	it.each([
		["info", value],
		["info", "m", value],
		["info", "m", undefined, value],
		["error", value],
		["error", "m", value],
		["setUserContext", value],
		["setRequestContext", value],
		["metric", value, 1],
		["metric", value, Number.NaN],
		["metric", "m", value],
		["metric", "m", 1, value],
		["metric", "m", 1, "ms", value],
		["metric", "m", 1, "ms", { tag: value }],
		["recordHealthCheck", value],
		["recordHealthCheck", "healthy", value],
		["recordUserAction", value],
		["recordUserAction", "a", value],
		["monitorResponse", value],
	])("%s does not throw", (method, ...args) => {
		expect(() => call(method, ...args)).not.toThrow();
		for (const line of lines) JSON.parse(line);
	});

	it("an operation's name keeps no work from being done", async () => {
		expect(await call("monitorDatabaseOperation", value, () => 1)).toBe(1);
		expect(await call("monitorMLOperation", value, () => 1, value)).toBe(1);
		const stop = call("startTimer", value);
		expect(typeof stop === "function" && stop()).toEqual(expect.any(Number));
	});

	it("a handler that throws it, throws it on, and its request is told of", async () => {
		const handler = withMonitoring("f")(() => {
			throw value;
		});
		const thrown = await handler(new Request("http://host/f")).then(
			() => expect.unreachable(),
			(reason: unknown) => [reason],
		);
		expect(Object.is(Object(thrown)[0], value)).toBe(true);
		const messages = lines.map((line) => JSON.parse(line).message);
		expect(messages).toEqual(["Request failed"]);
	});
});

it.each([
	["TypeError", new TypeError("x")],
	["23505", Object.assign(new Error("x"), { code: "23505" })],
	["Response", new Response("no", { status: 401 })],
	["Object", {}],
	["string", "a text of someone's"],
	["Error", Object.assign(new Error("x"), { name: "a text of someone's" })],
])("the type %s is known of what was thrown", (type, thrown) => {
	expect(errorType(thrown)).toBe(type);
});

it("nobody is signed in where the user is null", () => {
	const logger = createLogger("f");
	logger.setUserContext(null);
	logger.info("m");
	expect(JSON.parse(lines[0] ?? "").context).not.toHaveProperty("userId");
});
