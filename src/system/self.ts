import { readdirSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Collector } from "../collection/collector.ts";
import { hostMetrics } from "../metrics/host.ts";
import { counter, gauge, type Reading } from "../metrics/metric.ts";

/**
 * Milliseconds between two samples of the event loop's delay. Each wakes the process: at Node's default of 10 this alone
 * cost 6 ms of CPU a second, which is more than all collectors. A shorter block may fall between two.
 */
const delayResolution = 500;

/** This process's own event loop, memory, CPU time and files. */
export function createSelfCollector(): Collector {
	const delay = monitorEventLoopDelay({ resolution: delayResolution });
	delay.enable();
	let loop = performance.eventLoopUtilization();

	return {
		name: "self",
		timeLimit: 5,
		async collect() {
			const before = loop;
			loop = performance.eventLoopUtilization();
			const { utilization } = performance.eventLoopUtilization(loop, before);
			const delays =
				delay.count === 0
					? []
					: [
							gauge(hostMetrics.monitorLoopDelayMean, seconds(delay.mean)),
							gauge(
								hostMetrics.monitorLoopDelayP99,
								seconds(delay.percentile(99)),
							),
							gauge(hostMetrics.monitorLoopDelayMax, seconds(delay.max)),
						];
			delay.reset();
			return {
				readings: [
					...delays,
					gauge(hostMetrics.monitorLoopBusy, utilization * 100),
					...usageReadings(),
					...openFileReadings(),
				],
			};
		},
		async close() {
			delay.disable();
		},
	};
}

/** Nanoseconds between two samples to seconds that the second came late. */
function seconds(interval: number): number {
	return Math.max(0, interval / 1e9 - delayResolution / 1e3);
}

function usageReadings(): Reading[] {
	const { heapUsed, rss } = process.memoryUsage();
	const { user, system } = process.cpuUsage();
	const start = performance.timeOrigin;
	return [
		gauge(hostMetrics.monitorHeap, heapUsed),
		gauge(hostMetrics.monitorMemory, rss),
		counter(hostMetrics.monitorCpu, (user + system) / 1e6, start),
		gauge(hostMetrics.monitorStart, start / 1000),
	];
}

function openFileReadings(): Reading[] {
	if (process.platform !== "linux") return [];
	// Our own /proc, also where the host's is mounted elsewhere. Listing holds one file open itself.
	const open = readdirSync("/proc/self/fd").length - 1;
	return [gauge(hostMetrics.monitorOpenFiles, open)];
}
