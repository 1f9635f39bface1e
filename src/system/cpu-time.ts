import { hostMetrics } from "../metrics/host.ts";

/** The columns of `/proc/stat`, in their order. `guest` and `guest_nice` follow; they are in `user` and `nice` already. */
export const cpuModes: readonly string[] = hostMetrics.cpuSeconds.labels.mode;

/**
 * The kernel's USER_HZ: ticks a second in `/proc`, whatever its own timer does. 100 on every platform that Node runs on.
 * Source: https://man7.org/linux/man-pages/man5/proc_stat.5.html, include/asm-generic/param.h
 */
export const ticksPerSecond = 100;

export interface CpuTime {
	/** Seconds since boot of all these CPUs together, one for each of `cpuModes`. */
	readonly seconds: readonly number[];
	/** How many CPUs they are; those that are offline are not listed. */
	readonly cpus: number;
}

/**
 * CPU time from the text of `/proc/stat`.
 * @param allowed the numbers of the CPUs that count; all if left out
 */
export function parseCpuTime(
	stat: string,
	allowed?: ReadonlySet<number>,
): CpuTime {
	const lines = [...stat.matchAll(/^cpu(\d+) (.*)$/gm)].filter(
		([, cpu]) => allowed === undefined || allowed.has(Number(cpu)),
	);
	const total = /^cpu +(.*)$/m.exec(stat)?.[1] ?? "";
	const parts = allowed
		? lines.map(([, , columns = ""]) => secondsIn(columns))
		: [secondsIn(total)];
	return {
		seconds: cpuModes.map((_, mode) =>
			parts.reduce((sum, part) => sum + (part[mode] ?? 0), 0),
		),
		cpus: lines.length,
	};
}

function secondsIn(columns: string): number[] {
	const ticks = columns.trim().split(/\s+/).map(Number);
	if (ticks.length < cpuModes.length) {
		throw new Error(
			`/proc/stat has a line of CPU times with fewer than ${cpuModes.length}`,
		);
	}
	return ticks.map((count) => count / ticksPerSecond);
}

/**
 * Seconds by mode between two readings. None is below zero: the kernel's idle and iowait times can go back a little.
 * Source: https://man7.org/linux/man-pages/man5/proc_stat.5.html, on iowait
 */
export function cpuTimeSpent(
	before: Pick<CpuTime, "seconds">,
	now: Pick<CpuTime, "seconds">,
): number[] {
	return now.seconds.map((seconds, mode) =>
		Math.max(0, seconds - (before.seconds[mode] ?? 0)),
	);
}

/**
 * Percent of the time spent that was not idle; waiting for a disk is idle, time stolen by the hypervisor is not.
 * Undefined if no time was spent.
 */
export function busyPercent(spent: readonly number[]): number | undefined {
	const total = spent.reduce((sum, seconds) => sum + seconds, 0);
	const [, , , idle = 0, iowait = 0] = spent;
	return total > 0 ? (100 * (total - idle - iowait)) / total : undefined;
}
