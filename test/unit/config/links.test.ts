import { describe, expect, test } from "vitest";
import { linkProblems } from "../../../src/config/links.ts";
import { type ConfigInput, schema } from "../../../src/config/schema/schema.ts";

const url = "http://localhost:8002/health";
const sql = "SELECT now()";

function problems(config: ConfigInput): string[] {
	return linkProblems(schema.parse(config), ["postgres"]).map(
		({ path, sentence }) => `${path.join(".")}: ${sentence}`,
	);
}

describe("names that lead from one part of the configuration to another", () => {
	test("are right where each is known", () => {
		expect(
			problems({
				endpoints: {
					data_sync: { url, depends_on: ["postgres"] },
					feed: { url, depends_on: ["data_sync", "postgres"] },
				},
				data_flow_checks: {
					sync: { sql, max_age: 60 },
					cache: { sql, max_age: 60, after: "sync", depends_on: ["data_sync"] },
				},
				measurements: {
					recommendation_latency_seconds: { duration_of: "feed" },
				},
			}),
		).toEqual([]);
	});

	test("are told where no one has them", () => {
		expect(
			problems({
				endpoints: { data_sync: { url, depends_on: ["postgre"] } },
				data_flow_checks: { cache: { sql, max_age: 60, after: "data_sync" } },
				measurements: {
					recommendation_latency_seconds: { duration_of: "feed" },
				},
			}),
		).toEqual([
			"endpoints.data_sync.depends_on: no component is named postgre; there are data_sync, cache, postgres",
			"data_flow_checks.cache.after: no data flow is named data_sync; there are cache",
			"measurements.recommendation_latency_seconds.duration_of: no endpoint is named feed; there are data_sync",
		]);
	});

	test("are told where two have one", () => {
		expect(
			problems({
				endpoints: { model: url, postgres: url },
				ml_endpoints: { model: url },
			}),
		).toEqual([
			"endpoints.postgres: the name is taken by the monitor itself; each component has to have one of its own",
			"ml_endpoints.model: the name is taken by endpoints; each component has to have one of its own",
		]);
	});

	test("are told where they go in a circle, each circle once", () => {
		expect(
			problems({
				endpoints: {
					a: { url, depends_on: ["b"] },
					b: { url, depends_on: ["c"] },
					c: { url, depends_on: ["a"] },
					own: { url, depends_on: ["own"] },
				},
				data_flow_checks: {
					first: { sql, max_age: 60, after: "second" },
					second: { sql, max_age: 60, after: "first" },
				},
			}),
		).toEqual([
			"endpoints.a.depends_on: goes in a circle: a → b → c → a",
			"endpoints.own.depends_on: goes in a circle: own → own",
			"data_flow_checks.first.after: goes in a circle: first → second → first",
		]);
	});
});
