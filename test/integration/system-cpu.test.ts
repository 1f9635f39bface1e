import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { hostMetrics } from "../../src/metrics/host.ts";
import { createCpuCollector } from "../../src/system/cpu.ts";

const paths = { proc: "/proc", sys: "/sys", root: "/" };
const burn =
	"const end = Date.now() + 60000; while (Date.now() < end && process.ppid > 1);";

/** All and idle ticks of this machine, read apart from the code under test. */
function ticks() {
	const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
	const columns = line.split(/\s+/).slice(1, 9).map(Number);
	const all = columns.reduce((sum, count) => sum + count);
	return { all, idle: (columns[3] ?? 0) + (columns[4] ?? 0) };
}

describe.runIf(process.platform === "linux")("CPU use of this machine", () => {
	it("has a first value at once, and then follows /proc/stat while a process burns a CPU", async () => {
		const collector = createCpuCollector({ paths, bootTime: () => 0 });
		const collect = async () => {
			const { readings } = await collector.collect(
				new AbortController().signal,
			);
			return (metric: { name: string }) =>
				readings.find((reading) => reading.metric.name === metric.name)?.value;
		};
		const first = await collect();
		expect(first(hostMetrics.cpuPercent)).toBeGreaterThanOrEqual(0);

		const controller = new AbortController();
		const burning = promisify(execFile)(process.execPath, ["-e", burn], {
			signal: controller.signal,
		}).catch(() => {});
		await sleep(300);
		await collect();
		const before = ticks();
		await sleep(1500);
		const after = ticks();
		const value = await collect();
		controller.abort();
		await burning;

		const all = after.all - before.all;
		const busy = all - (after.idle - before.idle);
		const percent = value(hostMetrics.cpuPercent);
		expect(Math.abs((percent ?? 0) - (100 * busy) / all)).toBeLessThan(10);
		const cpus = value(hostMetrics.cpus) ?? 1;
		expect(percent).toBeGreaterThan((100 / cpus) * 0.7);
	});

	it("stops waiting for its first value when its round is aborted", async () => {
		const collector = createCpuCollector({ paths, bootTime: () => 0 });
		const controller = new AbortController();
		const round = collector.collect(controller.signal);
		controller.abort(new Error("too late"));
		await expect(round).rejects.toThrow();
	});
});
