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
import { blocksOf } from "../support/readme.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tsc = join(root, "node_modules/.bin/tsc");
let folder: string;

function run(
	command: string,
	args: readonly string[],
	cwd = folder,
	environment: Readonly<Record<string, string>> = {},
): string {
	const { status, stdout, stderr } = spawnSync(command, args, {
		cwd,
		encoding: "utf8",
		env: {
			...cleanEnvironment(),
			npm_config_loglevel: "error",
			...environment,
		},
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
	test("runs the README's example of the Node API", () => {
		const [example = ""] = blocksOf("README.md", "ts");
		writeFileSync(join(folder, "use.js"), example);
		const output = run(process.execPath, ["use.js"], folder, {
			PROMETHEUS_PORT: "0",
			LOG_LEVEL: "silent",
		});
		expect(output).toContain("subject: 'cpu'");
		expect(output).toContain("name: 'data_sync'");
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

	test("gives the edge library", () => {
		writeFileSync(
			join(folder, "edge.js"),
			`import { withMonitoring } from "adult-matching-monitoring/edge";
const handler = withMonitoring("content_feed")(() => new Response("feed"));
console.error(await (await handler(new Request("http://localhost/functions/v1/content_feed"))).text());
`,
		);
		expect(run(process.execPath, ["edge.js"])).toContain(
			'"functionName":"content_feed"',
		);
	});

	test("gives the flag that instruments a backend", () => {
		const flag = "--import=adult-matching-monitoring/register";
		const output = run(process.execPath, [flag, "--print", "'it runs'"]);
		expect(output).toBe("it runs\n");
	});

	test("gives the command, which says that no database is monitored where none is given", () => {
		const command = join(folder, "node_modules/.bin/adult-matching-monitoring");
		expect(run(command, ["check"])).toContain("collection_interval: 15");
	});
});
