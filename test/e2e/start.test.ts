import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
	cleanEnvironment,
	cli,
	MonitorProcess,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";
import { sampleValue } from "../support/prometheus-text.ts";
import { waitFor } from "../support/wait-for.ts";

let folder: string;
let monitors: MonitorProcess[];

beforeEach(() => {
	folder = temporaryFolder();
	monitors = [];
});
afterEach(async () => {
	for (const monitor of monitors) await monitor.end();
	removeFolder(folder);
});

function start(
	environment: Readonly<Record<string, string>> = {},
	args: readonly string[] = [],
): MonitorProcess {
	const monitor = new MonitorProcess(folder, environment, args);
	monitors.push(monitor);
	return monitor;
}

describe("started with nothing configured", () => {
	test("it serves real values of this host and of an embedded Postgres", async () => {
		const monitor = start();
		const metrics = await monitor.get("/metrics");
		for (const name of ["cpu", "memory", "disk"]) {
			const percent = sampleValue(
				metrics,
				`adult_matching_system_${name}_percent`,
			);
			expect(percent).toBeGreaterThan(0);
			expect(percent).toBeLessThanOrEqual(100);
		}
		expect(sampleValue(metrics, "adult_matching_db_up")).toBe(1);
		expect(
			sampleValue(metrics, "adult_matching_db_connections"),
		).toBeGreaterThan(0);
		expect(
			sampleValue(metrics, "adult_matching_alert_threshold", {
				signal: "disk",
				severity: "critical",
			}),
		).toBe(95);
		expect(JSON.parse(await monitor.get("/ready"))).toEqual({
			status: "ready",
		});
		const { system } = JSON.parse(await monitor.get("/status"));
		expect(system.signals).toContainEqual({
			subject: "database",
			state: "healthy",
			reason: "the database answers",
		});
		expect(monitor.stderr).toBe("");
	});

	test("its log is JSON lines in the contract's format, and says which database it took", async () => {
		const monitor = start();
		await monitor.url();
		for (const line of monitor.log()) {
			expect(line).toMatchObject({
				level: expect.stringMatching(/^(DEBUG|INFO|WARN|ERROR)$/),
				message: expect.any(String),
				context: {
					timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
				},
			});
		}
		expect(monitor.stdout).toContain("no DATABASE_URL is given");
	});

	test("it keeps its identity, its history and its database through restarts", async () => {
		const first = start();
		await first.url();
		const id = readFileSync(join(folder, "data/instance-id"), "utf8");
		await first.end("SIGKILL");
		const second = start();
		const metrics = await second.get("/metrics");
		expect(sampleValue(metrics, "adult_matching_db_up")).toBe(1);
		expect(readFileSync(join(folder, "data/instance-id"), "utf8")).toBe(id);
	});

	test("it leaves no process behind", async () => {
		const processes = () =>
			spawnSync("pgrep", ["--full", folder], { encoding: "utf8" }).stdout;
		const monitor = start();
		await monitor.url();
		expect(processes()).not.toBe("");
		expect((await monitor.end()).code).toBe(0);
		expect(processes()).toBe("");
	});
});

describe("on a terminal", () => {
	test("it prints a short summary with the addresses, and then each change", async () => {
		const monitor = execFile(
			"script",
			[
				"--quiet",
				"--command",
				`'${process.execPath}' '${cli}' start`,
				"/dev/null",
			],
			{
				cwd: folder,
				env: { ...cleanEnvironment(), PROMETHEUS_PORT: "0", TERM: "xterm" },
			},
		);
		let screen = "";
		monitor.stdout?.on("data", (text) => {
			screen += text;
		});
		await waitFor(() => screen.includes("the system is"));
		expect(screen).toMatch(/metrics +http:\/\/127\.0\.0\.1:\d+\/metrics/);
		expect(screen).toMatch(/postgres +an embedded one on port \d+/);
		expect(screen).toMatch(/\d\d:\d\d:\d\d INFO {2}monitoring; the system is/);
		expect(screen).not.toContain("{");
		monitor.stdin?.write("\u0003"); // Ctrl-C
		await once(monitor, "exit");
		expect(screen).toContain("SIGINT: stopping");
	});
});

describe("ended by a signal", () => {
	test.each(["SIGINT", "SIGTERM"] as const)(
		"%s: it is gone within 5 s, in good order",
		async (signal) => {
			const monitor = start();
			await monitor.url();
			const { code, took } = await monitor.end(signal);
			expect(code).toBe(0);
			expect(took).toBeLessThan(5000);
		},
	);

	test("even while a collector takes everything and answers nothing", async () => {
		const hanging = createServer(() => {}).listen(0, "127.0.0.1");
		await once(hanging, "listening");
		const address = hanging.address();
		const port = typeof address === "object" ? address?.port : 0;
		const monitor = start({
			OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
		});
		await monitor.url();
		const { took } = await monitor.end();
		expect(took).toBeLessThan(5000);
		hanging.close();
	});
});

describe("what the user got wrong", () => {
	test("in the configuration is told line by line, and nothing starts", async () => {
		writeFileSync(
			join(folder, "monitoring.yaml"),
			"collection_intervall: 5\nalert_thresholds:\n  cpu_warning: 99\n",
		);
		const { status, stdout, stderr } = spawnSync(
			process.execPath,
			[cli, "start"],
			{ cwd: folder, encoding: "utf8", env: cleanEnvironment() },
		);
		expect(status).toBe(1);
		expect(stdout).toBe("");
		expect(stderr.trim().split("\n")).toEqual([
			"monitoring.yaml:1:1 collection_intervall: is not a known key; did you mean collection_interval?",
			"monitoring.yaml:3:3 alert_thresholds.cpu_warning: 99 is not below cpu_critical, which is 90",
		]);
	});

	test("a port that is taken is one line, and the exit code is 1", async () => {
		const first = start();
		const { port } = new URL(await first.url());
		const other = temporaryFolder();
		const second = new MonitorProcess(other, { PROMETHEUS_PORT: port });
		await once(second.child, "exit");
		expect(second.child.exitCode).toBe(1);
		expect(second.stderr).toBe(
			`port ${port} on 127.0.0.1 is taken by node (pid ${first.child.pid}); stop it, or choose another port with --port or PROMETHEUS_PORT\n`,
		);
		removeFolder(other);
	});

	test("the database's password is in no output", async () => {
		const monitor = start({
			DATABASE_URL: "postgres://me:hunter2hunter2@127.0.0.1:1/app",
			LOG_LEVEL: "debug",
		});
		const everything = [
			await monitor.get("/metrics"),
			await monitor.get("/status"),
			monitor.stdout,
			monitor.stderr,
		].join("\n");
		expect(everything).toContain("adult_matching_db_up 0");
		expect(everything).not.toContain("hunter2");
	});
});

test("a bearer token guards everything but /health", async () => {
	const monitor = start({ METRICS_TOKEN: "a-long-token" });
	const url = await monitor.url();
	expect((await fetch(`${url}/health`)).status).toBe(200);
	expect((await fetch(`${url}/metrics`)).status).toBe(401);
	const headers = { Authorization: "Bearer a-long-token" };
	expect((await fetch(`${url}/metrics`, { headers })).status).toBe(200);
});

test("check prints what is in effect, with secrets masked", () => {
	writeFileSync(
		join(folder, "monitoring.yaml"),
		`endpoints:\n  api: \${env:API_URL}\n`,
	);
	const { status, stdout } = spawnSync(process.execPath, [cli, "check"], {
		cwd: folder,
		encoding: "utf8",
		env: {
			...cleanEnvironment(),
			API_URL: "http://me:hunter2@api/health",
			METRICS_TOKEN: "hunter2hunter2",
			MONITORING_INTERVAL: "3",
		},
	});
	expect(status).toBe(0);
	expect(stdout).toContain("monitoring.yaml: valid");
	expect(stdout).toContain("collection_interval: 3");
	expect(stdout).not.toContain("hunter2");
});
