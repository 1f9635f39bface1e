import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/config/config-error.ts";
import type { Environment } from "../../../src/config/environment.ts";
import { loadSettings } from "../../../src/config/load.ts";

const folder = mkdtempSync(join(tmpdir(), "config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string, name = "monitoring.yaml"): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

function load(content: string, environment: Environment = {}) {
	return loadSettings({ file: file(content), environment });
}

/** The mistakes that loading reports, with the folder left out. */
function problems(content: string, environment: Environment = {}): string[] {
	try {
		load(content, environment);
		return [];
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		return error.problems.map((line) => line.replace(`${folder}/`, ""));
	}
}

describe("a valid configuration", () => {
	test("has the contract's defaults where nothing is written", () => {
		const { config } = loadSettings({ config: {}, environment: {} });
		expect(config).toMatchObject({
			collection_interval: 15,
			check_interval: 30,
			prometheus_port: 8000,
			log_level: "info",
			metric_namespace: "adult_matching",
			alert_thresholds: {
				cpu_warning: 85,
				cpu_critical: 90,
				memory_warning: 80,
				memory_critical: 95,
				disk_warning: 85,
				disk_critical: 95,
				response_time_warning: 2000,
				response_time_critical: 5000,
				error_rate_warning: 5,
				error_rate_critical: 10,
				uptime_warning: 95,
				uptime_critical: 90,
			},
		});
	});

	test("keeps the defaults of thresholds that are not written", () => {
		const { config } = load("alert_thresholds:\n  cpu_critical: 99\n");
		expect(config.alert_thresholds.cpu_critical).toBe(99);
		expect(config.alert_thresholds.cpu_warning).toBe(85);
	});

	test("can be JSON", () => {
		const path = file('{"collection_interval": 5}', "monitoring.json");
		const { config } = loadSettings({ file: path, environment: {} });
		expect(config.collection_interval).toBe(5);
	});

	test("is overridden by the environment, and that by the command line", () => {
		const path = file("prometheus_port: 1000\ncollection_interval: 60\n");
		const environment = {
			PROMETHEUS_PORT: "2000",
			MONITORING_INTERVAL: "7.5",
			LOG_LEVEL: "WARN",
		};
		const fromEnvironment = loadSettings({ file: path, environment });
		expect(fromEnvironment.config.prometheus_port).toBe(2000);
		expect(fromEnvironment.config.collection_interval).toBe(7.5);
		expect(fromEnvironment.config.log_level).toBe("warn");
		const { config } = loadSettings({ file: path, environment, port: "3000" });
		expect(config.prometheus_port).toBe(3000);
	});

	test("is the file that MONITORING_CONFIG names", () => {
		const MONITORING_CONFIG = file("check_interval: 9\n");
		const { config } = loadSettings({ environment: { MONITORING_CONFIG } });
		expect(config.check_interval).toBe(9);
	});

	test("may be empty", () => {
		expect(load("").config.collection_interval).toBe(15);
	});

	test("takes an empty variable as one that is not set", () => {
		const { config } = load("", { PROMETHEUS_PORT: "", LOG_LEVEL: "" });
		expect(config.prometheus_port).toBe(8000);
	});
});

describe("each mistake is one line", () => {
	test("all of them come at once, with file, line, column, path, value and what is allowed", () => {
		const lines = problems(
			[
				"collection_interval: soon",
				"alert_thresholds:",
				"  memory_critical: 120",
				"history:",
				"  retention_days: 0",
			].join("\n"),
			{ PROMETHEUS_PORT: "70000" },
		);
		expect(lines).toHaveLength(4);
		expect(lines).toEqual(
			expect.arrayContaining([
				'monitoring.yaml:1:1 collection_interval: "soon" is not a number from 0.1 to 3600 (seconds)',
				"monitoring.yaml:3:3 alert_thresholds.memory_critical: 120 is not a number from 0 to 100 (%)",
				"monitoring.yaml:5:3 history.retention_days: 0 is not a number from 0.01 to 3650 (days)",
				"PROMETHEUS_PORT: 70000 is not a whole number from 0 to 65535 (a port; 0 takes any free one)",
			]),
		);
	});

	test("an unknown key is told with the nearest known one", () => {
		expect(problems("alert_thresholds:\n  cpu_warnin: 3\n")).toEqual([
			"monitoring.yaml:2:3 alert_thresholds.cpu_warnin: is not a known key; did you mean cpu_warning?",
		]);
	});

	test("an unknown key that is near to none is told with all known ones", () => {
		expect(problems("history:\n  zzzzzzzzzzzz: 3\n")).toEqual([
			"monitoring.yaml:2:3 history.zzzzzzzzzzzz: is not a known key; known are path, retention_days, max_size_mb",
		]);
	});

	test.each([
		[
			"cpu_warning: 95",
			"cpu_warning: 95 is not below cpu_critical, which is 90",
		],
		[
			"disk_critical: 50",
			"disk_warning: 85 is not below disk_critical, which is 50",
		],
		[
			"uptime_warning: 80",
			"uptime_warning: 80 is not above uptime_critical, which is 90",
		],
		[
			"error_rate_warning: 10",
			"error_rate_warning: 10 is not below error_rate_critical, which is 10",
		],
	])("limits in the wrong order are refused: %s", (key, sentence) => {
		const [line, ...rest] = problems(`alert_thresholds:\n  ${key}\n`);
		expect(line).toContain(`alert_thresholds.${sentence}`);
		expect(rest).toEqual([]);
	});

	test("a file that is not YAML is told with its line and column", () => {
		const [line] = problems("a: 1\nb: [1, 2\n");
		expect(line).toMatch(/^monitoring\.yaml:\d+:\d+: /);
	});

	test("a key that stands twice is told", () => {
		expect(problems("check_interval: 3\ncheck_interval: 4\n")).toEqual([
			"monitoring.yaml:2:1: Map keys must be unique",
		]);
	});

	test("a file that refers to itself is told, not followed for ever", () => {
		expect(problems("processes: &a\n  b: *a\n").length).toBeGreaterThan(0);
	});

	test("a file that is not there is told with the ways to name one", () => {
		const named = () =>
			loadSettings({ file: "/nowhere.yaml", environment: {} });
		expect(named).toThrow(
			"/nowhere.yaml: cannot be read (ENOENT); name a file with --config or MONITORING_CONFIG",
		);
	});
});

describe("secrets", () => {
	test.each([
		["database_url: postgres://me:hunter2@db/app", "DATABASE_URL"],
		[
			"alert_webhook_url: https://hooks.slack.com/services/T0/B0/hunter2",
			"ALERT_WEBHOOK_URL",
		],
		["endpoints:\n  api: http://me:hunter2@api/", "ENDPOINTS_API"],
		["endpoints:\n  api: http://api/?token=hunter2", "ENDPOINTS_API"],
		["supabase_anon_key: hunter2hunter2", "SUPABASE_ANON_KEY"],
	])(
		"in the file is refused with the variable to use: %s",
		(content, variable) => {
			const lines = problems(content);
			expect(lines).toHaveLength(1);
			expect(lines[0]).toContain(`a secret does not belong in the file`);
			expect(lines[0]).toContain(variable);
			expect(lines[0]).not.toContain("hunter2");
		},
	);

	test("come in by a reference to a variable, and are known, so that no output shows them", () => {
		const settings = load(`endpoints:\n  api: \${env:API_URL}\n`, {
			API_URL: "http://me:hunter2@api/health",
		});
		expect(settings.config.endpoints.api?.url).toBe(
			"http://me:hunter2@api/health",
		);
		expect(settings.secrets).toContain("http://me:hunter2@api/health");
	});

	test("that are referred to and not set are told", () => {
		expect(problems(`endpoints:\n  api: \${env:API_URL}\n`)).toContain(
			"monitoring.yaml:2:3 endpoints.api: the variable API_URL is not set; set it, or API_URL_FILE",
		);
	});

	test("that are wrong are not shown in the error", () => {
		const lines = problems(`endpoints:\n  api: \${env:API_URL}\n`, {
			API_URL: "hunter2",
			DATABASE_URL: "mysql://me:hunter2@db/app",
		});
		expect(lines).toHaveLength(2);
		expect(lines.join("\n")).not.toContain("hunter2");
	});

	test("come from the file that *_FILE names, without its line end", () => {
		const DATABASE_URL_FILE = file("postgres://me:hunter2@db/app\n", "url");
		const { databaseUrl } = loadSettings({
			config: {},
			environment: { DATABASE_URL_FILE },
		});
		expect(databaseUrl).toBe("postgres://me:hunter2@db/app");
	});

	test("both in a variable and in a file are refused", () => {
		const environment = { METRICS_TOKEN: "a", METRICS_TOKEN_FILE: "/b" };
		expect(problems("", environment)).toEqual([
			"METRICS_TOKEN: is set, and METRICS_TOKEN_FILE as well; set one of the two",
		]);
	});

	test("in a file that can't be read, or is empty, are told by the variable's name", () => {
		const empty = file("\n", "empty");
		expect(problems("", { METRICS_TOKEN_FILE: "/nowhere" })).toEqual([
			"METRICS_TOKEN_FILE: /nowhere cannot be read (ENOENT)",
		]);
		expect(problems("", { METRICS_TOKEN_FILE: empty })[0]).toContain(
			"is empty; it should hold METRICS_TOKEN",
		);
	});
});
