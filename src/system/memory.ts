import type { Collection, Collector } from "../collection/collector.ts";
import type { HostPaths } from "../config/host-paths.ts";
import { hostMetrics } from "../metrics/host.ts";
import { counter, gauge, type Reading } from "../metrics/metric.ts";
import { rememberedCgroups } from "./cgroup.ts";
import { readMemoryLimit } from "./cgroup-memory.ts";
import { readProc } from "./proc-file.ts";

/** Memory in use, of the machine or of the container that has a limit. */
export function createMemoryCollector(options: {
	readonly paths: HostPaths;
	/** In Unix milliseconds. */
	readonly bootTime: () => number;
}): Collector {
	const { paths, bootTime } = options;
	const cgroups = rememberedCgroups(paths);
	return {
		name: "memory",
		timeLimit: 5,
		async collect() {
			const host = parseMeminfo(readProc(paths, "meminfo"));
			const size = host.get("MemTotal");
			if (size === undefined) {
				throw new Error("/proc/meminfo has no line `MemTotal`");
			}
			const cgroup = cgroups()("memory");
			const limit = cgroup && readMemoryLimit(cgroup, size);
			const kills = limit
				? limit.oomKills
				: parseOomKills(readProc(paths, "vmstat"));
			const { readings, absent } = limit
				? {
						readings: sizeReadings(limit.limit, limit.limit - limit.workingSet),
					}
				: hostReadings(host, size);
			return {
				readings: [
					...readings,
					...(kills === undefined
						? []
						: [counter(hostMetrics.oomKills, kills, bootTime())]),
				],
				...(absent ? { absent } : {}),
			};
		},
	};
}

/** The entries of `/proc/meminfo` that are in kB, in bytes. */
export function parseMeminfo(text: string): Map<string, number> {
	const lines = text.matchAll(/^(\S+): +(\d+) kB$/gm);
	return new Map(
		[...lines].map(([, key = "", kilobytes]) => [
			key,
			Number(kilobytes) * 1024,
		]),
	);
}

/** Processes killed for want of memory since boot, from `/proc/vmstat`; undefined before Linux 4.13, which doesn't count them. */
export function parseOomKills(vmstat: string): number | undefined {
	const kills = /^oom_kill (\d+)$/m.exec(vmstat)?.[1];
	return kills === undefined ? undefined : Number(kills);
}

function hostReadings(
	host: ReadonlyMap<string, number>,
	size: number,
): Collection {
	const available = host.get("MemAvailable");
	const swapSize = host.get("SwapTotal");
	const swapFree = host.get("SwapFree");
	const swap =
		swapSize === undefined || swapFree === undefined
			? []
			: [
					gauge(hostMetrics.swapSize, swapSize),
					gauge(hostMetrics.swapUsed, swapSize - swapFree),
				];
	return available === undefined
		? {
				readings: [gauge(hostMetrics.memorySize, size), ...swap],
				absent: [
					"/proc/meminfo has no MemAvailable, so memory in use is not known (Linux 3.14 and later have it)",
				],
			}
		: { readings: [...sizeReadings(size, available), ...swap] };
}

function sizeReadings(size: number, available: number): Reading[] {
	return [
		gauge(hostMetrics.memoryPercent, (100 * (size - available)) / size),
		gauge(hostMetrics.memorySize, size),
		gauge(hostMetrics.memoryAvailable, available),
	];
}
