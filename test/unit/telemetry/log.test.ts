import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLog } from "../../../src/telemetry/log.ts";

function lines(use: (log: ReturnType<typeof createLog>) => void, options = {}) {
	const written: string[] = [];
	use(
		createLog({
			level: "debug",
			secrets: [],
			forTerminal: false,
			write: (line) => written.push(line),
			...options,
		}),
	);
	return written;
}

describe("a log line", () => {
	test("has the contract's format", () => {
		const [line = ""] = lines((log) => log.warn({ disk: "/" }, "it is full"));
		const { context, ...rest } = JSON.parse(line);
		expect(rest).toEqual({
			level: "WARN",
			message: "it is full",
			data: { disk: "/" },
		});
		expect(context.functionName).toBe("adult-matching-monitoring");
		expect(new Date(context.timestamp).toISOString()).toBe(context.timestamp);
	});

	test.each([
		["trace", "DEBUG"],
		["debug", "DEBUG"],
		["info", "INFO"],
		["error", "ERROR"],
		["fatal", "ERROR"],
	] as const)("of pino's %s has the level %s", (level, name) => {
		const [line = ""] = lines((log) => log[level]("x"), { level: "trace" });
		expect(JSON.parse(line).level).toBe(name);
	});

	test("holds no secret: not as it is, not within a URL, not as JSON writes it", () => {
		const secrets = ["postgres://me:p%40ss%22word@db/app", 'quo"ted-secret'];
		const [line = ""] = lines(
			(log) =>
				log.error(
					{
						raw: 'quo"ted-secret',
						url: secrets[0],
						other: "redis://u:hunter2@r/",
					},
					'p@ss"word, p%40ss%22word',
				),
			{ secrets },
		);
		JSON.parse(line);
		for (const part of ["p%40ss", "p@ss", "quo", "hunter2"]) {
			expect(line).not.toContain(part);
		}
	});

	test("is short where a person reads along", () => {
		const [line] = lines((log) => log.warn({ a: 1 }, "disk / is full"), {
			forTerminal: true,
		});
		expect(line).toMatch(/^\d\d:\d\d:\d\d WARN {2}disk \/ is full\n$/);
	});
});

describe("within a span", () => {
	const manager = new AsyncLocalStorageContextManager().enable();
	beforeAll(() => void context.setGlobalContextManager(manager));
	afterAll(() => context.disable());

	test("a log line has its ids", () => {
		const span = trace.wrapSpanContext({
			traceId: "0af7651916cd43dd8448eb211c80319c",
			spanId: "b7ad6b7169203331",
			traceFlags: 1,
		});
		const [line = ""] = lines((log) =>
			context.with(trace.setSpan(context.active(), span), () => log.info("x")),
		);
		expect(JSON.parse(line)).toMatchObject({
			trace_id: "0af7651916cd43dd8448eb211c80319c",
			span_id: "b7ad6b7169203331",
		});
	});
});
