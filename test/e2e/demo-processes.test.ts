import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startDemo } from "../../examples/demo.ts";
import { startTestDemo, type TestDemo } from "../support/demo.ts";
import {
	cleanEnvironment,
	removeFolder,
	temporaryFolder,
} from "../support/monitor-process.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { waitFor } from "../support/wait-for.ts";

const execFileAsync = promisify(execFile);
const example = (file: string) =>
	fileURLToPath(new URL(`../../examples/${file}`, import.meta.url));
const demo = example("demo.ts");
const traffic = example("traffic.ts");

interface Process {
	readonly pid: number;
	readonly command: string;
}

/** The processes of the demo that a process has started, as the kernel knows them. */
function processesOf(parent: number): Process[] {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.flatMap((pid) => {
			try {
				const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
				const [, ppid] = stat.replace(/^.*\) /s, "").split(" ");
				const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
				return [{ pid: Number(pid), ppid: Number(ppid), command }];
			} catch {
				return []; // It has ended meanwhile.
			}
		})
		.filter(({ ppid, command }) => ppid === parent && /examples/.test(command));
}

function isRunning({ pid, command }: Process): boolean {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, "utf8") === command;
	} catch {
		return false;
	}
}

function residentBytes({ pid }: Process): number {
	const status = readFileSync(`/proc/${pid}/status`, "utf8");
	return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

function processOf(processes: readonly Process[], part: string): Process {
	const found = processes.find(({ command }) => command.includes(part));
	if (!found) throw new Error(`there is no process of ${part}`);
	return found;
}

describe("a running demo", () => {
	let running: TestDemo;
	afterEach(() => running.stop());

	test("tells of a backend that is killed; what needs it answers 503 until it is started again, and the rest goes on", async () => {
		running = await startTestDemo({ RESTART_DELAY: "3" });
		const { pid } = processOf(processesOf(process.pid), "inference");
		process.kill(pid, "SIGKILL");
		await waitFor(() => running.errors.length > 0);
		expect(running.errors).toEqual([
			`inference (process ${pid}) has ended (SIGKILL); it is started again in 3 s`,
		]);
		const statusOf = async (name: string) =>
			(await fetch(running.url(name))).status;
		expect(await statusOf("enhanced_recommendations")).toBe(503);
		expect(await statusOf("content_feed")).toBe(200);
		expect(await statusOf("data_sync")).toBe(200);
		await waitFor(
			async () => (await statusOf("enhanced_recommendations")) === 200,
		);
	});

	test("tells by its ML endpoints that a model is loaded, and the share of memory that the kernel sees; none of its processes is left when it is stopped", async () => {
		running = await startTestDemo();
		for (const url of [
			new URL("/sync", running.url("data_sync")),
			new URL("/train", running.url("ml_training")),
		]) {
			await fetch(url, { method: "POST" });
		}
		const processes = processesOf(process.pid);
		expect(processes).toHaveLength(4);
		const whole = Math.min(
			process.constrainedMemory() || Number.POSITIVE_INFINITY,
			totalmem(),
		);
		for (const [name, part] of [
			["model_inference", "inference"],
			["embedding_generation", "data-sync"],
			["training_status", "ml-training"],
		] as const) {
			const told = JSON.parse(await (await fetch(running.url(name))).text());
			const resident = residentBytes(processOf(processes, part));
			expect(told.model_loaded).toBe(true);
			const ratio = told.memory_usage_percent / ((100 * resident) / whole);
			expect(ratio).toBeGreaterThan(0.8);
			expect(ratio).toBeLessThan(1.2);
		}

		await running.demo.stop();
		expect(processes.filter(isRunning)).toEqual([]);
		expect(running.errors).toEqual([]);
	});

	test("outlives an outage of Postgres", async () => {
		running = await startTestDemo();
		const services = [
			"data_sync",
			"ml_training",
			"user_management",
			"content_feed",
			"enhanced_recommendations",
		];
		const statuses = () =>
			Promise.all(
				services.map(async (name) => (await fetch(running.url(name))).status),
			);
		const untilWell = () =>
			waitFor(async () => (await statuses()).every((status) => status === 200));
		await untilWell();
		await running.postgres.kill();
		expect(await statuses()).toEqual([503, 503, 503, 500, 503]);
		await running.postgres.restart();
		await untilWell();
		expect(running.errors).toEqual([]);
	});
});

describe("the traffic", () => {
	let running: TestDemo;
	beforeEach(async () => {
		running = await startTestDemo();
	});
	afterEach(() => running.stop());

	test("does what visitors do, and counts what came back", async () => {
		const { origin } = new URL(running.url("content_feed"));
		const args = ["--rate", "20", "--seconds", "6", "--url", origin];
		const { stdout } = await execFileAsync(process.execPath, [
			traffic,
			...args,
		]);
		const kinds = [...stdout.matchAll(/^ +\d+ {2}([\w -]+: \d+) \(/gm)].map(
			([, kind]) => kind,
		);
		expect(kinds).toHaveLength(stdout.trim().split("\n").length);
		expect(kinds).toContain("recommendations: 200");
		expect(kinds.join()).not.toMatch(/: 5\d\d/);
	});
});

describe("the demo that cannot start", () => {
	test("says which part and why, and leaves nothing running", async () => {
		const start = startDemo({
			databaseUrl: "postgres://nobody@127.0.0.1:1/none",
			environment: cleanEnvironment(),
			log: { error: () => {} },
			output: () => {},
		});
		await expect(start).rejects.toThrow(
			"seed failed (exit code 1): Error: connect ECONNREFUSED 127.0.0.1:1",
		);
		expect(processesOf(process.pid)).toEqual([]);
	});
});

describe("`npm run demo`", () => {
	let postgres: PostgresServer;
	let main: ChildProcess;
	let output = "";
	beforeEach(async () => {
		postgres = await startPostgres();
		output = "";
		main = spawn(process.execPath, [demo], {
			env: { ...cleanEnvironment(), DATABASE_URL: postgres.url() },
		});
		main.stdout?.on("data", (text) => {
			output += text;
		});
		await waitFor(() => output.includes("the demo is up"));
	});
	afterEach(async () => {
		main.kill("SIGKILL");
		await postgres.stop();
	});

	test("ends all that it has started on Ctrl-C, and then itself", async () => {
		const processes = processesOf(main.pid ?? 0);
		expect(processes).toHaveLength(4);
		main.kill("SIGINT");
		const [code] = await once(main, "exit");
		expect(code).toBe(0);
		expect(processes.filter(isRunning)).toEqual([]);
	});

	test("leaves nothing running when it is killed", async () => {
		const processes = processesOf(main.pid ?? 0);
		expect(processes).toHaveLength(4);
		main.kill("SIGKILL");
		await waitFor(() => processes.filter(isRunning).length === 0);
	});
});

describe("a demo that is ended while it fills its database", () => {
	let folder: string;
	beforeEach(() => {
		folder = temporaryFolder();
	});
	afterEach(() => removeFolder(folder));

	test.each(["demo.ts", "start.ts"])(
		"by a signal to %s alone, ends in good order, its Postgres last",
		async (file) => {
			const main = spawn(process.execPath, [example(file)], {
				cwd: folder,
				env: { ...cleanEnvironment(), PROMETHEUS_PORT: "0" },
			});
			let output = "";
			for (const stream of [main.stdout, main.stderr]) {
				stream.on("data", (text) => {
					output += text;
				});
			}
			const seed = await waitFor(() =>
				processesOf(main.pid ?? 0).find(({ command }) =>
					command.includes("seed.ts"),
				),
			);
			main.kill("SIGINT");
			const [code] = await once(main, "exit");
			expect(code).toBe(0);
			expect(isRunning(seed)).toBe(false);
			expect(output).not.toContain("the demo is up");
			// A stack trace is no line of a log.
			for (const line of output.trim().split("\n").filter(Boolean)) {
				expect(JSON.parse(line)).not.toMatchObject({ level: "error" });
			}
		},
	);
});
