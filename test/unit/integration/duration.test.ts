import { expect, test } from "vitest";
import { span } from "../../../src/integration/duration.ts";

test.for([
	[0, "0 s"],
	[0.4, "0 s"],
	[59.4, "59 s"],
	[59.6, "1 min"],
	[61, "1 min"],
	[3600, "1 h"],
	[7800, "2 h 10 min"],
	[86_399, "23 h 59 min"],
	[86_400, "1 d"],
	[273_600, "3 d 4 h"],
	[-90, "-1 min"],
] as const)("%d s are said as %s", ([seconds, said]) => {
	expect(span(seconds)).toBe(said);
});
