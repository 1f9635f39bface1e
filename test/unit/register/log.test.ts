import { expect, test } from "vitest";
import { registerLog } from "../../../src/register/log.ts";

function written(level: string | undefined, message = "said") {
	const lines: string[] = [];
	const log = registerLog(level, (line) => lines.push(line));
	log.trace(message);
	log.debug(message);
	log.info(message);
	log.warn(message);
	log.error(message);
	return lines.map((line) => JSON.parse(line));
}

test("a line is in the contract's format", () => {
	expect(written("error")).toEqual([
		{
			level: "ERROR",
			message: "said",
			context: {
				functionName: "adult-matching-monitoring/register",
				timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
			},
		},
	]);
});

test.each([
	[undefined, ["INFO", "WARN", "ERROR"]],
	["WARN", ["WARN", "ERROR"]],
	["warn", ["WARN", "ERROR"]],
	["trace", ["DEBUG", "DEBUG", "INFO", "WARN", "ERROR"]],
	["fatal", []],
	["silent", []],
	["loud", ["INFO", "WARN", "ERROR"]],
])("with LOG_LEVEL %s the levels %j are written", (level, levels) => {
	expect(written(level).map((line) => line.level)).toEqual(levels);
});

test("a password in a URL is masked", () => {
	const [line] = written("error", "to http://user:hidden@collector:4318");
	expect(line.message).toBe("to http://user:***@collector:4318");
});
