import { setTimeout as sleep } from "node:timers/promises";
import type { Collection, Collector } from "../collection/collector.ts";
import type { HostPaths } from "../config/host-paths.ts";
import { hostMetrics } from "../metrics/host.ts";
import { counter, gauge, type Reading } from "../metrics/metric.ts";
import { type FindCgroup, rememberedCgroups } from "./cgroup.ts";
import { type CpuQuota, quotaPercent, readCpuQuota } from "./cgroup-cpu.ts";
import { readCpuset } from "./cgroup-cpuset.ts";
import {
	busyPercent,
	type CpuTime,
	cpuModes,
	cpuTimeSpent,
	parseCpuTime,
} from "./cpu-time.ts";
import { readProc } from "./proc-file.ts";

/** Milliseconds over which the first percentage is measured, so that there is one at once. */
const firstSpan = 200;

interface Sample {
	/** Of a monotonic clock, in milliseconds. */
	readonly at: number;
	readonly machine: CpuTime;
	/** The same, but of the CPUs that a container's cpuset leaves it. */
	readonly allowed: CpuTime;
	readonly quota: CpuQuota | undefined;
}

/** CPU use, of the machine or of the container that has a quota of its CPUs. */
export function createCpuCollector(options: {
	readonly paths: HostPaths;
	/** In Unix milliseconds. */
	readonly bootTime: () => number;
}): Collector {
	const cgroups = rememberedCgroups(options.paths);
	let last: Sample | undefined;
	let seconds: readonly number[] | undefined;

	return {
		name: "cpu",
		timeLimit: 5,
		async collect(signal): Promise<Collection> {
			if (last === undefined) {
				last = takeSample(options.paths, cgroups());
				await sleep(firstSpan, undefined, { signal });
			}
			const before = last;
			const now = takeSample(options.paths, cgroups());
			const spent = cpuTimeSpent(before.machine, now.machine);
			seconds = (seconds ?? before.machine.seconds).map(
				(sum, mode) => sum + (spent[mode] ?? 0),
			);
			last = now;

			const since = options.bootTime();
			const percent = usedPercent(before, now);
			return {
				readings: [
					...(percent === undefined
						? []
						: [gauge(hostMetrics.cpuPercent, percent)]),
					gauge(hostMetrics.cpus, now.quota?.cpus ?? now.allowed.cpus),
					...seconds.map((sum, i) =>
						counter(hostMetrics.cpuSeconds, sum, since, {
							mode: cpuModes[i] ?? "",
						}),
					),
					...throttlingReadings(now.quota, since),
				],
			};
		},
	};
}

function takeSample(paths: HostPaths, cgroup: FindCgroup): Sample {
	const at = performance.now();
	const stat = readProc(paths, "stat");
	const machine = parseCpuTime(stat);
	const cpuset = cgroup("cpuset");
	const cpus = cpuset && readCpuset(cpuset);
	const allowed =
		cpus && cpus.size < machine.cpus ? parseCpuTime(stat, cpus) : machine;
	const cpu = cgroup("cpu");
	const quota = cpu && readCpuQuota(cpu, cgroup("cpuacct"));
	// A quota of more CPUs than there are limits nothing.
	const limits = quota && quota.cpus < allowed.cpus;
	return { at, machine, allowed, quota: limits ? quota : undefined };
}

function usedPercent(before: Sample, now: Sample): number | undefined {
	if (now.quota && before.quota?.directory === now.quota.directory) {
		return quotaPercent(before.quota, now.quota, now.at - before.at);
	}
	// Were CPUs added or taken away, their whole past would be in the difference.
	if (before.allowed.cpus !== now.allowed.cpus) return undefined;
	return busyPercent(cpuTimeSpent(before.allowed, now.allowed));
}

function throttlingReadings(
	quota: CpuQuota | undefined,
	since: number,
): Reading[] {
	if (!quota?.throttling) return [];
	const { periods, throttledPeriods, throttled } = quota.throttling;
	return [
		counter(hostMetrics.cpuQuotaPeriods, periods, since),
		counter(hostMetrics.cpuThrottledPeriods, throttledPeriods, since),
		counter(hostMetrics.cpuThrottled, throttled, since),
	];
}
