import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hostMetrics } from "../../src/metrics/host.ts";
import { createMemoryCollector } from "../../src/system/memory.ts";

const paths = { proc: "/proc", sys: "/sys", root: "/" };

/** Bytes of an entry of this machine's /proc/meminfo, read apart from the code under test. */
function meminfo(entry: string): number {
	for (const line of readFileSync("/proc/meminfo", "utf8").split("\n")) {
		const [key, value] = line.split(":");
		if (key === entry) return Number.parseInt(value ?? "", 10) * 1024;
	}
	throw new Error(`no ${entry}`);
}

describe.runIf(process.platform === "linux")("memory of this machine", () => {
	it("is what /proc/meminfo says, and follows what a process takes", async () => {
		const collector = createMemoryCollector({ paths, bootTime: () => 0 });
		const collect = async () => {
			const { readings } = await collector.collect(
				new AbortController().signal,
			);
			return (metric: { name: string }) =>
				readings.find((reading) => reading.metric.name === metric.name)
					?.value ?? Number.NaN;
		};
		const earlier = await collect();
		const size = meminfo("MemTotal");
		const used = (100 * (size - meminfo("MemAvailable"))) / size;
		expect(earlier(hostMetrics.memorySize)).toBe(size);
		expect(Math.abs(earlier(hostMetrics.memoryPercent) - used)).toBeLessThan(1);
		expect(earlier(hostMetrics.swapSize)).toBe(meminfo("SwapTotal"));

		const taken = Buffer.alloc(512 * 2 ** 20, 1);
		const later = await collect();
		const fell =
			earlier(hostMetrics.memoryAvailable) - later(hostMetrics.memoryAvailable);
		expect(fell).toBeGreaterThan(taken.length / 2);
	});
});
