import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { hostMetrics } from "../../src/metrics/host.ts";
import { parseBootTime } from "../../src/system/boot-time.ts";
import { readProc } from "../../src/system/proc-file.ts";
import { createProcessCollector } from "../../src/system/processes.ts";

const paths = { proc: "/proc", sys: "/sys", root: "/" };
const mark = `adult-matching-monitoring-test-${process.pid}`;
const children: ChildProcess[] = [];

async function start(script: string): Promise<ChildProcess> {
	const child = spawn(
		process.execPath,
		["-e", `process.stdout.write("ready"); ${script}`, mark],
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	children.push(child);
	if (child.stdout) await once(child.stdout, "data");
	return child;
}

async function stop(child: ChildProcess): Promise<void> {
	const ended = once(child, "exit");
	child.kill("SIGKILL");
	await ended;
}

function ps(column: string, child: ChildProcess): number {
	const output = execFileSync("ps", ["-o", `${column}=`, "-p", `${child.pid}`]);
	return Number(output.toString());
}

describe.runIf(process.platform === "linux")("a configured process", () => {
	afterEach(async () => {
		for (const child of children.splice(0)) {
			if (child.exitCode === null && child.signalCode === null) {
				await stop(child);
			}
		}
	});

	function watch() {
		const collector = createProcessCollector({
			paths,
			bootTime: () => parseBootTime(readProc(paths, "stat")),
			processes: { worker: `${mark}$` },
		});
		return async () => {
			const { readings } = await collector.collect(
				new AbortController().signal,
			);
			return (metric: { name: string }) =>
				readings.find((reading) => reading.metric.name === metric.name)?.value;
		};
	}

	it("is up while it runs, and has the memory and the age that ps tells", async () => {
		const collect = watch();
		const none = await collect();
		expect(none(hostMetrics.processUp)).toBe(0);
		expect(none(hostMetrics.processInstances)).toBe(0);
		expect(none(hostMetrics.processMemory)).toBeUndefined();
		expect(none(hostMetrics.processStart)).toBeUndefined();

		const child = await start("setInterval(() => {}, 1000);");
		const one = await collect();
		expect(one(hostMetrics.processUp)).toBe(1);
		expect(one(hostMetrics.processInstances)).toBe(1);
		const resident = ps("rss", child) * 1024;
		const told = one(hostMetrics.processMemory) ?? 0;
		expect(Math.abs(told - resident)).toBeLessThan(resident * 0.2);
		const age = Date.now() / 1000 - (one(hostMetrics.processStart) ?? 0);
		expect(Math.abs(age - ps("etimes", child))).toBeLessThan(3);

		await stop(child);
		const gone = await collect();
		expect(gone(hostMetrics.processUp)).toBe(0);
	});

	it("has its CPU time counted as ps does, and kept when it ends", async () => {
		const collect = watch();
		await collect();
		const child = await start("for (;;);");
		await expect.poll(() => ps("cputimes", child)).toBeGreaterThan(0);
		const before = ps("cputimes", child);
		const busy = (await collect())(hostMetrics.processCpu) ?? 0;
		// In whole seconds.
		expect(busy).toBeGreaterThanOrEqual(before);
		expect(busy).toBeLessThan(ps("cputimes", child) + 1);
		await stop(child);
		expect((await collect())(hostMetrics.processCpu)).toBe(busy);
	});

	it("is not the monitor itself for what its arguments say, but may be for its program", () => {
		const program = join(import.meta.dirname, "../fixtures/watched-monitor.ts");
		const isUp = (pattern: string) =>
			execFileSync(process.execPath, [program, "--config", mark], {
				env: { ...process.env, PATTERN: pattern },
			})
				.toString()
				.trim();
		expect(isUp(mark)).toBe("0");
		expect(isUp("watched-monitor\\.ts$")).toBe("1");
	});

	it("is one of the processes that /proc lists", async () => {
		const value = (await watch()())(hostMetrics.processes) ?? 0;
		const listed = execFileSync("ps", ["-e", "-o", "pid="])
			.toString()
			.trim()
			.split("\n").length;
		expect(Math.abs(value - listed)).toBeLessThan(20);
	});
});
