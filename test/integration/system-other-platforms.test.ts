import os from "node:os";
import { describe, expect, it } from "vitest";
import { hostMetrics } from "../../src/metrics/host.ts";
import { createPortableCollector } from "../../src/system/other-platforms.ts";

describe("a machine without Linux' /proc", () => {
	it("has what Node tells of it, and the rest is said to be absent", async () => {
		const collector = createPortableCollector();
		const { readings, absent } = await collector.collect(
			new AbortController().signal,
		);
		const value = (metric: { name: string }) =>
			readings.find((reading) => reading.metric.name === metric.name)?.value;
		expect(value(hostMetrics.cpus)).toBe(os.cpus().length);
		expect(value(hostMetrics.memorySize)).toBe(os.totalmem());
		for (const metric of [hostMetrics.cpuPercent, hostMetrics.memoryPercent]) {
			expect(value(metric)).toBeGreaterThanOrEqual(0);
			expect(value(metric)).toBeLessThanOrEqual(100);
		}
		expect(absent).toEqual([expect.stringContaining("disks, network, files")]);
	});
});
