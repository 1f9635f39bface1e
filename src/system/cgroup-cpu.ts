import { join } from "node:path";
import { type Cgroup, keyValues, limitingPaths } from "./cgroup.ts";
import { readIfThere } from "./proc-file.ts";

/** A limit on CPU time, and what was used under it. */
export interface CpuQuota {
	readonly directory: string;
	/** How many CPUs' worth of time may be used; 0.5 is half of one. */
	readonly cpus: number;
	/** CPU time used, in seconds since the cgroup was made. */
	readonly usage: number;
	readonly throttling: Throttling | undefined;
}

export interface Throttling {
	readonly periods: number;
	readonly throttledPeriods: number;
	/** Seconds. */
	readonly throttled: number;
}

/**
 * The tightest quota that is set, if any.
 * @param cpu the cgroup of the controller `cpu`
 * @param cpuacct that of `cpuacct`, where version 1 counts the usage
 */
export function readCpuQuota(
	cpu: Cgroup,
	cpuacct: Cgroup | undefined,
): CpuQuota | undefined {
	const quotas = limitingPaths(cpu).flatMap((path) => {
		const quota =
			cpu.version === 2
				? quotaV2(join(cpu.mountPoint, path))
				: quotaV1(cpu, cpuacct, path);
		return quota ?? [];
	});
	return quotas.sort((a, b) => a.cpus - b.cpus)[0];
}

/**
 * Percent of a quota that was used between two readings. Bursts and the edges of periods can give a little more than the quota; a share ends
 * at 100.
 */
export function quotaPercent(
	before: CpuQuota,
	now: CpuQuota,
	milliseconds: number,
): number {
	const available = now.cpus * (milliseconds / 1000);
	return Math.min(100, (100 * (now.usage - before.usage)) / available);
}

// Source: https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files
function quotaV2(directory: string): CpuQuota | undefined {
	const [quota, period] =
		readIfThere(join(directory, "cpu.max"))?.trim().split(" ") ?? [];
	const stat = keyValues(readIfThere(join(directory, "cpu.stat")));
	const usage = stat.get("usage_usec");
	if (quota === undefined || quota === "max" || usage === undefined) return;
	return {
		directory,
		cpus: Number(quota) / Number(period),
		usage: usage / 1e6,
		throttling: throttlingFrom(stat, "throttled_usec", 1e6),
	};
}

// Source: https://docs.kernel.org/scheduler/sched-bwc.html, admin-guide/cgroup-v1/cpuacct.html
function quotaV1(
	cpu: Cgroup,
	cpuacct: Cgroup | undefined,
	path: string,
): CpuQuota | undefined {
	// Mounted apart, the two may hold a process in different cgroups; then its quota has no usage to it.
	if (!cpuacct?.paths.includes(path)) return;
	const directory = join(cpu.mountPoint, path);
	const quota = readIfThere(join(directory, "cpu.cfs_quota_us"));
	const period = readIfThere(join(directory, "cpu.cfs_period_us"));
	const usage = readIfThere(join(cpuacct.mountPoint, path, "cpuacct.usage"));
	if (quota === undefined || period === undefined || usage === undefined)
		return;
	if (Number(quota) <= 0) return;
	const stat = keyValues(readIfThere(join(directory, "cpu.stat")));
	return {
		directory,
		cpus: Number(quota) / Number(period),
		usage: Number(usage) / 1e9,
		throttling: throttlingFrom(stat, "throttled_time", 1e9),
	};
}

function throttlingFrom(
	stat: ReadonlyMap<string, number>,
	timeKey: string,
	perSecond: number,
): Throttling | undefined {
	const periods = stat.get("nr_periods");
	const throttledPeriods = stat.get("nr_throttled");
	const time = stat.get(timeKey);
	if (periods === undefined || throttledPeriods === undefined) return;
	if (time === undefined) return;
	return { periods, throttledPeriods, throttled: time / perSecond };
}
