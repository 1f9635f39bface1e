import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
	type Check,
	createHealthCheck,
	createLogger,
	createResponseHelper,
	type Health,
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

const parsed = () => lines.map((line) => JSON.parse(line));

describe("the response helper", () => {
	const helper = createResponseHelper(createLogger("f"), {
		"access-control-allow-origin": "*",
	});

	it("answers success with the data, and the headers for all", async () => {
		const response = helper.success({ a: 1 }, 201);
		expect(response.status).toBe(201);
		expect(response.headers.get("content-type")).toBe("application/json");
		expect(response.headers.get("access-control-allow-origin")).toBe("*");
		expect(await response.json()).toEqual({ success: true, data: { a: 1 } });
		expect(lines).toEqual([]);
	});

	it.each([
		[500, { message: "It broke" }, () => helper.error("It broke")],
		[
			404,
			{ message: "Not there", details: { id: 7 } },
			() => helper.error("Not there", 404, { id: 7 }),
		],
		[
			400,
			{ message: "Validation failed", details: { name: "is missing" } },
			() => helper.validationError({ name: "is missing" }),
		],
		[401, { message: "Unauthorized" }, () => helper.unauthorized()],
		[429, { message: "Too many requests" }, () => helper.rateLimit(1.2)],
	])("answers an error of %d in one shape", async (status, error, answer) => {
		const response = answer();
		expect(response.status).toBe(status);
		expect(await response.json()).toEqual({ success: false, error });
		expect(response.headers.get("access-control-allow-origin")).toBe("*");
	});

	it("logs an error by its weight", () => {
		helper.error("It broke");
		helper.unauthorized("Who is it?");
		expect(parsed()).toMatchObject([
			{ level: "ERROR", message: "It broke", data: { status: 500 } },
			{ level: "WARN", message: "Who is it?", data: { status: 401 } },
		]);
	});

	it("says what HTTP wants to be said", () => {
		expect(helper.unauthorized().headers.get("www-authenticate")).toBe(
			"Bearer",
		);
		expect(helper.rateLimit(1.2).headers.get("retry-after")).toBe("2");
		expect(helper.rateLimit().headers.has("retry-after")).toBe(false);
	});
});

describe("a health check", () => {
	const broken = async () => {
		throw new Error("password=canary");
	};
	const cases: [Health, number, Record<string, Check>][] = [
		["healthy", 200, { a: async () => true, b: async () => "healthy" }],
		["healthy", 200, {}],
		["degraded", 200, { a: async () => true, b: async () => "degraded" }],
		["unhealthy", 503, { a: async () => "degraded", b: async () => false }],
		["unhealthy", 503, { a: async () => true, b: broken }],
		["unhealthy", 503, { a: () => Promise.reject("no") }],
	];
	it.each(cases)("is %s and answers %d (%#)", async (status, code, checks) => {
		const response = await createHealthCheck("f", checks)();
		expect(response.status).toBe(code);
		const text = await response.text();
		const body = JSON.parse(text);
		expect(body).toMatchObject({ status, function: "f" });
		expect(Object.keys(body.checks)).toEqual(Object.keys(checks));
		expect(text).not.toContain("canary");
	});

	it("tells the log, not the client, why a check failed", async () => {
		const check = createHealthCheck("f", {
			database: () => Promise.reject(new Error("no route")),
		});
		expect(await (await check()).text()).not.toContain("no route");
		expect(parsed()).toMatchObject([
			{
				message: "Health check database failed",
				data: { message: "no route" },
			},
			{ level: "WARN", message: "Health check: unhealthy" },
		]);
	});

	it("does not wait for a check that hangs", async () => {
		vi.useFakeTimers();
		try {
			const answer = createHealthCheck("f", {
				hanging: () => new Promise(() => {}),
				quick: async () => true,
			})();
			await vi.advanceTimersByTimeAsync(5000);
			expect(await (await answer).json()).toMatchObject({
				status: "unhealthy",
				checks: {
					hanging: { status: "unhealthy" },
					quick: { status: "healthy" },
				},
			});
		} finally {
			vi.useRealTimers();
		}
	});
});

describe("a logger breaks nothing", () => {
	const logger = createLogger("f");
	const hostile = {
		toString() {
			throw new Error("hostile");
		},
		toJSON() {
			throw new Error("hostile");
		},
	};

	it("of hostile messages, data, context, tags and values", () => {
		logger.info(Object(hostile), hostile, { hostile });
		logger.metric("m", Number.NaN);
		logger.metric("m", -1);
		logger.metric("m", 1, "count", { hostile: Object(hostile) });
		logger.setUserContext(Object(7));
		logger.error("with an error", new Error("x"));
		expect(parsed().map(({ message }) => message)).toEqual([
			"[unreadable]",
			"Metric m needs a number from 0 on",
			"Metric m needs a number from 0 on",
			"with an error",
		]);
	});

	it("where the console itself throws", () => {
		vi.mocked(console.info).mockImplementation(() => {
			throw new Error("no console");
		});
		expect(() => logger.info("x")).not.toThrow();
	});

	it("and gives on what a measured operation gives or throws, the very same", async () => {
		const value = { a: 1 };
		const error = new Error("its own");
		expect(await logger.monitorDatabaseOperation("o", () => value)).toBe(value);
		expect(await logger.monitorMLOperation("o", async () => value, "v")).toBe(
			value,
		);
		// As supabase-js builds its queries: not a promise, but something like it.
		const then = (take: (value: number) => unknown) => Promise.resolve(take(7));
		const thenable: PromiseLike<number> = Object({ then });
		expect(await logger.monitorDatabaseOperation("o", () => thenable)).toBe(7);
		await expect(
			logger.monitorDatabaseOperation("o", () => {
				throw error;
			}),
		).rejects.toBe(error);
		await expect(
			logger.monitorMLOperation("o", () => Promise.reject(undefined)),
		).rejects.toBe(undefined);
	});

	it("and a timer gives the milliseconds, the same again when it is stopped again", () => {
		const stop = logger.startTimer("t");
		const took = stop();
		expect(took).toBeGreaterThanOrEqual(0);
		expect(stop()).toBe(took);
	});
});
