import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	cleanEnvironment,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tsc = join(root, "node_modules/.bin/tsc");
let folder: string;

function run(command: string, args: readonly string[], cwd = folder): string {
	const { status, stdout, stderr } = spawnSync(command, args, {
		cwd,
		encoding: "utf8",
		env: { ...cleanEnvironment(), npm_config_loglevel: "error" },
	});
	if (status !== 0) throw new Error(`${command}: ${stdout}${stderr}`);
	return stdout;
}

beforeAll(() => {
	folder = temporaryFolder();
	run("npm", ["pack", "--pack-destination", folder], root);
	const { version } = JSON.parse(
		readFileSync(join(root, "package.json"), "utf8"),
	);
	writeFileSync(
		join(folder, "package.json"),
		'{ "name": "user", "private": true, "type": "module" }',
	);
	run("npm", [
		"install",
		"--no-audit",
		"--no-fund",
		`./adult-matching-monitoring-${version}.tgz`,
	]);
}, 180_000);
afterAll(() => removeFolder(folder));

describe("the package, installed in an empty project", () => {
	test("gives the Node API", () => {
		writeFileSync(
			join(folder, "use.js"),
			`import { createUnifiedMonitor } from "adult-matching-monitoring";
const [system, integration] = createUnifiedMonitor({ prometheus_port: 0, log_level: "silent" });
await Promise.all([system.startMonitoring(), integration.startIntegrationMonitoring()]);
console.log((await system.getSystemHealth()).signals.map(({ subject }) => subject).includes("cpu"));
await Promise.all([system.stopMonitoring(), integration.stopMonitoring()]);
`,
		);
		expect(run(process.execPath, ["use.js"])).toBe("true\n");
	});

	test("gives its types, under strict settings", () => {
		writeFileSync(
			join(folder, "types.ts"),
			`import { type ConfigInput, createUnifiedMonitor, type SystemHealth } from "adult-matching-monitoring";
const config: ConfigInput = { collection_interval: 15, alert_thresholds: { cpu_critical: 95 } };
const [system, integration] = createUnifiedMonitor(config);
const health: SystemHealth | undefined = await system.getSystemHealth();
const state: "healthy" | "degraded" | "unhealthy" | "unknown" = (await integration.getIntegrationHealth()).state;
console.log(health?.reasons, state);
// @ts-expect-error A key that there is not.
createUnifiedMonitor({ colection_interval: 15 });
`,
		);
		run(tsc, [
			"--noEmit",
			"--strict",
			"--module",
			"nodenext",
			"--target",
			"es2024",
			"types.ts",
		]);
	});

	test("gives the command, which says that no database is monitored where none is given", () => {
		const command = join(folder, "node_modules/.bin/adult-matching-monitoring");
		expect(run(command, ["check"])).toContain("collection_interval: 15");
	});
});
