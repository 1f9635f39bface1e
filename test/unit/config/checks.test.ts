import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/config/config-error.ts";
import type { ConfigInput } from "../../../src/config/schema/schema.ts";
import { readSettings } from "../../../src/settings.ts";

const url = "http://localhost:8002/health";

function problems(config: unknown, environment = {}): readonly string[] {
	try {
		readSettings({ config: Object(config), environment });
		return [];
	} catch (error) {
		if (error instanceof ConfigError) return error.problems;
		throw error;
	}
}

describe("the configuration of checks", () => {
	test("takes a probe as a URL, or with all that it may be told", () => {
		const config: ConfigInput = {
			endpoints: {
				plain: url,
				full: {
					url,
					method: "POST",
					headers: { "x-api-key": `\${env:KEY}` },
					body: { ping: true },
					expected_status: [200, 204],
					assertions: [{ json: "$.status", equals: "ok" }],
					depends_on: ["postgres"],
				},
			},
		};
		const environment = { KEY: "a-key-of-the-test" };
		const { config: read, secrets } = readSettings({ config, environment });
		expect(read.endpoints.plain).toMatchObject({
			url,
			method: "GET",
			timeout: 10,
			follow_redirects: true,
			verify_tls: true,
			allow_link_local: false,
		});
		expect(read.endpoints.full?.headers["x-api-key"]).toBe("a-key-of-the-test");
		expect(secrets).toContain("a-key-of-the-test");
	});

	test.for([
		[
			"an unknown key of a probe",
			{ endpoints: { a: { url, timout: 3 } } },
			"config endpoints.a.timout: is not a known key; did you mean timeout?",
		],
		[
			"a wrong value in a probe",
			{ endpoints: { a: { url, timeout: 0 } } },
			"config endpoints.a.timeout: 0 is not a number from 0.1 to 120 (seconds)",
		],
		[
			"a probe of another kind",
			{ endpoints: { a: 7 } },
			"config endpoints.a: 7 is not an http:// or https:// URL, or a mapping with one as url",
		],
		[
			"a JSONPath that is none",
			{ endpoints: { a: { url, assertions: [{ json: "$..[", equals: 1 }] } } },
			'config endpoints.a.assertions.0.json: "$..[" is not a JSONPath of RFC 9535, such as $.data.id',
		],
		[
			"an assertion of nothing",
			{ endpoints: { a: { url, assertions: [{ json: "$.a" }] } } },
			"config endpoints.a.assertions.0: a mapping is not an assertion on one of json and header (neither: the body) with equals, contains, matches, less_than, greater_than or exists",
		],
		[
			"a stage with two sources",
			{
				data_flow_checks: {
					a: { max_age: 60, sql: "SELECT now()", json: "$.a" },
				},
			},
			"config data_flow_checks.a: a mapping is not a mapping with either sql, or request and json",
		],
		[
			"a flow without steps",
			{ flows: { f: { steps: [] } } },
			"config flows.f.steps: an empty list is not a list of at least one step",
		],
		[
			"a measurement of a name that is taken",
			{ measurements: { system_cpu_percent: { sql: "SELECT 1" } } },
			"config measurements.system_cpu_percent: is a metric of the monitor's own",
		],
		[
			"a flow whose variable is never extracted",
			{
				flows: {
					f: {
						steps: [{ name: "a", request: { url: `${url}/\${user_id}` } }],
					},
				},
			},
			"config flows.f.steps.0.request.url: no step before this one extracts user_id",
		],
		[
			"heartbeats without a token",
			{ heartbeats: { nightly_sync: 86_400 } },
			"HEARTBEAT_TOKEN: is not set, and heartbeats are configured; set it, or HEARTBEAT_TOKEN_FILE, to what the jobs send as their bearer token",
		],
	] as const)("tells %s on one line", ([, config, line]) => {
		expect(problems(config)).toEqual([line]);
	});

	test("takes heartbeats once there is a token, which is a secret", () => {
		const { config, heartbeatToken, secrets } = readSettings({
			config: { heartbeats: { nightly_sync: 86_400 } },
			environment: { HEARTBEAT_TOKEN: "the-token-of-jobs" },
		});
		expect(config.heartbeats.nightly_sync).toEqual({
			max_age: 86_400,
			grace: 60,
			depends_on: [],
		});
		expect(heartbeatToken).toBe("the-token-of-jobs");
		expect(secrets).toContain("the-token-of-jobs");
	});

	test("tells a project's address that is none", () => {
		expect(problems({}, { SUPABASE_URL: "abcd.supabase.co" })).toEqual([
			"SUPABASE_URL: is not the project's address, such as https://abcd.supabase.co",
		]);
	});
});
