import { describe, expect, test } from "vitest";
import { demoConfig } from "../../../examples/demo/monitoring.ts";
import { readSettings } from "../../../src/settings.ts";

const urls = {
	edge: "http://127.0.0.1:54321",
	inference: "http://127.0.0.1:8003",
	dataSync: "http://127.0.0.1:8002",
	mlTraining: "http://127.0.0.1:8001",
};

/** As it is read where users write it. */
function read(config: ReturnType<typeof demoConfig>) {
	const environment = { HEARTBEAT_TOKEN: "token-of-the-jobs" };
	return readSettings({ config, environment }).config;
}

function checksOf(config: ReturnType<typeof demoConfig>) {
	const { endpoints, ml_endpoints, data_flow_checks, flows, heartbeats } =
		read(config);
	return Object.entries({
		...endpoints,
		...ml_endpoints,
		...data_flow_checks,
		...flows,
		...heartbeats,
	});
}

describe.each([
	["with jobs that report", demoConfig(urls)],
	["without", demoConfig(urls, null)],
])("the demo's configuration, %s", (_, config) => {
	test("is valid, and names what the contract names", () => {
		const parsed = read(config);
		expect(Object.keys(parsed.endpoints)).toEqual([
			"enhanced_recommendations",
			"user_management",
			"content_feed",
			"data_sync",
			"ml_training",
		]);
		expect(Object.keys(parsed.ml_endpoints)).toEqual([
			"model_inference",
			"embedding_generation",
			"training_status",
		]);
		expect(parsed.data_flow_checks).toMatchObject({
			dmm_sync_freshness: { max_age: 3600 },
			embedding_update_freshness: { max_age: 1800 },
			recommendation_cache_freshness: { max_age: 900 },
		});
		expect(Object.keys(parsed.flows)).toEqual([
			"recommendation_flow",
			"user_management_flow",
			"data_sync_flow",
		]);
	});

	test("has every check depend on checks that there are, and never on itself", () => {
		const checks = new Map(checksOf(config));
		for (const [name, check] of checks) {
			const parents = parentsOf(check);
			for (const parent of parents) {
				expect(checks.has(parent) || parent === "postgres").toBe(true);
			}
			expect(ancestorsOf(parents, checks)).not.toContain(name);
		}
	});
});

test("jobs that report to nobody are awaited by nobody", () => {
	expect(demoConfig(urls, null).heartbeats).toEqual({});
	expect(
		demoConfig(urls, { sync: 5, training: 60, renewal: 10 }).heartbeats,
	).toMatchObject({
		sync_job: { max_age: 10 },
		training_job: { max_age: 120 },
		renewal_job: { max_age: 20 },
	});
});

function parentsOf(check: object): string[] {
	const after = "after" in check && check.after ? [String(check.after)] : [];
	const needed = "depends_on" in check ? check.depends_on : [];
	return [...(Array.isArray(needed) ? needed.map(String) : []), ...after];
}

function ancestorsOf(
	names: readonly string[],
	checks: ReadonlyMap<string, object>,
): string[] {
	return names.flatMap((name) => [
		name,
		...ancestorsOf(parentsOf(checks.get(name) ?? {}), checks),
	]);
}
