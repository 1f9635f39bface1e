import { describe, expect, test } from "vitest";
import { alertNames } from "./alert-files.ts";
import { runbooks } from "./runbooks.ts";

test("every alert has a runbook, and every runbook an alert", () => {
	expect(runbooks.map(({ name }) => name)).toEqual(alertNames.toSorted());
});

describe.each(runbooks.map((runbook) => [runbook.name, runbook] as const))(
	"the runbook of %s",
	(name, { title, sections, code }) => {
		test("has the sections that all have, and something in each", () => {
			expect(title).toBe(`# ${name}`);
			expect([...sections.keys()]).toEqual([
				"Meaning",
				"Impact",
				"Diagnosis",
				"Mitigation",
				"When to escalate",
			]);
			for (const text of sections.values()) {
				expect(text).toMatch(/[a-z]{2}.*[.?)]$|```$/s);
				expect(text).not.toMatch(/TODO|TBD/);
			}
		});

		test("has a query to run, fits on a page, and has lines that fit a screen", () => {
			expect(code("promql").length).toBeGreaterThan(0);
			const words = [...sections.values()].join(" ").split(/\s+/);
			expect(words.length).toBeLessThan(260);
		});

		test("names only alerts that there are", () => {
			const text = [...sections.values()]
				.join("\n")
				.replace(/```.*?```|`[^`]*`/gs, "");
			const named = text.match(/\b(?:[A-Z][a-z]+){2,}\b/g) ?? [];
			const foreign = ["PromQL", "TraceQL", "OpenTelemetry"];
			for (const word of named) {
				expect([...alertNames, ...foreign]).toContain(word);
			}
		});
	},
);
