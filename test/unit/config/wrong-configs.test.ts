import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { ConfigError } from "../../../src/config/config-error.ts";
import { parseConfig } from "../../../src/config/file.ts";
import { loadSettings } from "../../../src/config/load.ts";
import { schema } from "../../../src/config/schema/schema.ts";

const runs = { numRuns: 1000 };

/** Loads anything at all as if it were a configuration in code. */
function loadAnything(config: unknown): string[] {
	try {
		loadSettings({ config: Object(config), environment: {} });
		return [];
	} catch (error) {
		if (error instanceof ConfigError) return [...error.problems];
		throw error;
	}
}

const numberKeys = [
	"collection_interval",
	"check_interval",
	"prometheus_port",
	"alert_thresholds.cpu_warning",
	"alert_thresholds.memory_critical",
	"alert_thresholds.response_time_warning",
	"history.retention_days",
] as const;

/** The smallest configuration with that value at that path. */
function nested(path: string, value: unknown): object {
	const dot = path.indexOf(".");
	if (dot < 0) return { [path]: value };
	return { [path.slice(0, dot)]: nested(path.slice(dot + 1), value) };
}

describe("a thousand wrong configurations", () => {
	test("a value that is no number is told with its path, whatever it is", () => {
		const wrong = fc.oneof(
			fc.string(),
			fc.boolean(),
			fc.constant(null),
			fc.constant(Number.NaN),
			fc.array(fc.anything()),
			fc.dictionary(fc.string(), fc.integer()),
			fc.double({ max: -1e-9, noNaN: true }),
			fc.double({ min: 1e9, noNaN: true }),
		);
		fc.assert(
			fc.property(fc.constantFrom(...numberKeys), wrong, (path, value) => {
				const problems = loadAnything(nested(path, value));
				expect(problems.some((line) => line.includes(`${path}: `))).toBe(true);
				for (const line of problems)
					expect(line).not.toMatch(/\n|\bat .*:\d+:\d+\)/);
			}),
			runs,
		);
	});

	test("a key that nobody knows is told with its path", () => {
		const known = Object.keys(schema.shape);
		const key = fc
			.string({ minLength: 1 })
			.filter((name) => !known.includes(name) && name !== "__proto__");
		fc.assert(
			fc.property(key, fc.jsonValue(), (name, value) => {
				const problems = loadAnything({ [name]: value });
				expect(problems.some((line) => line.includes(`${name}: `))).toBe(true);
			}),
			runs,
		);
	});

	test("any text as a file gives lines that name the file, or a configuration", () => {
		const text = fc.oneof(
			fc.string({ unit: "binary", maxLength: 200 }),
			fc.jsonValue().map((value) => stringify(value)),
			fc.stringMatching(/^[a-z_:\-[\]{}&*!|>'"%@ \n\t]{0,60}$/),
		);
		fc.assert(
			fc.property(text, (content) => {
				const read = parseConfig("some.yaml", content);
				if (!Array.isArray(read)) {
					loadAnything(read.data);
					return;
				}
				expect(read.length).toBeGreaterThan(0);
				for (const line of read)
					expect(line).toMatch(/^some\.yaml[^\n]*: [^\n]+$/);
			}),
			runs,
		);
	});
});
