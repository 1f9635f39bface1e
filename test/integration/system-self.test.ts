import { closeSync, openSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Collector } from "../../src/collection/collector.ts";
import { hostMetrics } from "../../src/metrics/host.ts";
import { createSelfCollector } from "../../src/system/self.ts";

describe("the monitor's own process", () => {
	let collector: Collector;

	beforeEach(() => {
		collector = createSelfCollector();
	});

	afterEach(async () => {
		await collector.close?.();
	});

	async function collect() {
		const { readings } = await collector.collect(new AbortController().signal);
		return (metric: { name: string }) =>
			readings.find((reading) => reading.metric.name === metric.name);
	}

	function block(milliseconds: number) {
		const end = Date.now() + milliseconds;
		while (Date.now() < end);
	}

	it("tells how late its event loop was, and only since the last collection", async () => {
		await sleep(1200); // The first samples.
		block(1000);
		await sleep(600);
		const blocked = await collect();
		expect(blocked(hostMetrics.monitorLoopDelayMax)?.value).toBeGreaterThan(
			0.3,
		);
		expect(blocked(hostMetrics.monitorLoopBusy)?.value).toBeGreaterThan(20);
		// On a machine that is busy itself, not the first time.
		await expect
			.poll(
				async () => (await collect())(hostMetrics.monitorLoopDelayMax)?.value,
				{ interval: 1200 },
			)
			.toBeLessThan(0.3);
	});

	it("leaves the delay out when there was no sample yet", async () => {
		const reading = await collect();
		expect(reading(hostMetrics.monitorLoopDelayMax)).toBeUndefined();
		expect(reading(hostMetrics.monitorLoopDelayMean)).toBeUndefined();
	});

	it("counts its CPU time from its own start", async () => {
		const earlier = await collect();
		block(200);
		const later = await collect();
		const start = earlier(hostMetrics.monitorStart)?.value ?? 0;
		expect(earlier(hostMetrics.monitorCpu)?.since).toBeCloseTo(start * 1000, 0);
		expect(later(hostMetrics.monitorCpu)?.value).toBeGreaterThan(
			earlier(hostMetrics.monitorCpu)?.value ?? Number.POSITIVE_INFINITY,
		);
	});

	it.runIf(process.platform === "linux")(
		"holds as much memory as the kernel says, and counts the files it opens",
		async () => {
			const earlier = await collect();
			const opened = Array.from({ length: 20 }, () => openSync(devNull, "r"));
			const later = await collect();
			for (const file of opened) closeSync(file);
			const files = (reading: typeof earlier) =>
				reading(hostMetrics.monitorOpenFiles)?.value ?? 0;
			expect(files(later) - files(earlier)).toBeGreaterThanOrEqual(15);

			const status = readFileSync("/proc/self/status", "utf8");
			const resident = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
			const told = later(hostMetrics.monitorMemory)?.value ?? 0;
			expect(Math.abs(told - resident)).toBeLessThan(resident * 0.2);
		},
	);
});
