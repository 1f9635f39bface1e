import { describe, expect, test } from "vitest";
import { catalogue } from "../../../src/metrics/catalogue.ts";

const metrics = catalogue.flatMap((part) => part.metrics);

const contract = [
	"system_cpu_percent",
	"system_memory_percent",
	"system_disk_percent",
	"db_connections",
	"requests_total",
	"request_duration_seconds",
	"ml_model_accuracy",
	"data_quality_score",
	"user_activity_rate",
	"recommendation_latency_seconds",
];

describe("the catalogue", () => {
	test.each(contract)("declares the contract's %s", (name) => {
		expect(metrics.map((metric) => metric.name)).toContain(name);
	});

	test("declares each name once", () => {
		const names = metrics.map(({ name }) => name);
		expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
	});

	describe.each(metrics.map((metric) => [metric.name, metric] as const))(
		"%s",
		(name, metric) => {
			test("has a name that Prometheus takes", () => {
				expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
			});

			test("ends in _total if, and only if, it is a counter", () => {
				expect(name.endsWith("_total")).toBe(metric.kind === "counter");
			});

			test("ends in its unit, so that it has one name by OTLP and on /metrics", () => {
				const words: Record<string, string> = {
					s: "seconds",
					By: "bytes",
					"%": "percent",
				};
				const word = words[metric.unit];
				const base = name.replace(/_total$/, "");
				if (word) expect(base).toMatch(new RegExp(`(^|_)${word}$`));
				else if (!base.endsWith("_ms")) expect(metric.unit).toMatch(/^\{.+\}$/);
			});

			test("says what it means, in a sentence without its full stop", () => {
				expect(metric.help.length).toBeGreaterThan(10);
				expect(metric.help).not.toMatch(/[.\n]$/);
			});

			test("has buckets if, and only if, it is a histogram", () => {
				expect(metric.buckets !== undefined).toBe(metric.kind === "histogram");
			});
		},
	);
});
