import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
	type Cgroup,
	type Controller,
	cgroupsIn,
	limitingPaths,
	rememberedCgroups,
} from "../../../src/system/cgroup.ts";
import { quotaPercent, readCpuQuota } from "../../../src/system/cgroup-cpu.ts";
import { parseCpuList, readCpuset } from "../../../src/system/cgroup-cpuset.ts";
import { readMemoryLimit } from "../../../src/system/cgroup-memory.ts";
import { machine, procText } from "../../fixtures/proc/machine.ts";

const gigabyte = 2 ** 30;

/** Finds cgroups as the machine's own processes do, but in the folder that holds its files. */
function cgroupOn(name: string, controller: Controller): Cgroup {
	const find = cgroupsIn(
		procText(name, "self/cgroup"),
		procText(name, "self/mountinfo"),
	);
	const cgroup = find(controller);
	if (cgroup === undefined) throw new Error(`${name} has no ${controller}`);
	const folder = join(machine(name).proc, "..");
	return { ...cgroup, mountPoint: join(folder, cgroup.mountPoint) };
}

describe("finding the own cgroup", () => {
	it("takes the top of the container's own tree, not the host's that is mounted beside it", () => {
		const find = cgroupsIn(
			procText("docker-cgroup-v2", "self/cgroup"),
			procText("docker-cgroup-v2", "self/mountinfo"),
		);
		expect(find("memory")).toEqual({
			version: 2,
			mountPoint: "/sys/fs/cgroup",
			paths: ["/"],
		});
	});

	it("takes the top where version 1 is bind-mounted, though the path is the host's", () => {
		const find = cgroupsIn(
			procText("docker-cgroup-v1", "self/cgroup"),
			procText("docker-cgroup-v1", "self/mountinfo"),
		);
		expect(find("cpuacct")).toEqual({
			version: 1,
			mountPoint: "/sys/fs/cgroup/cpu,cpuacct",
			paths: ["/"],
		});
	});

	it("follows the path where the whole tree is mounted", () => {
		const find = cgroupsIn(
			"0::/a.slice/b.scope\n",
			"33 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
		);
		expect(find("cpu")?.paths).toEqual(["/a.slice/b.scope", "/a.slice", "/"]);
	});

	it("takes the top if the path lies outside of what is mounted", () => {
		const find = cgroupsIn(
			"0::/../pause\n",
			"33 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
		);
		expect(find("cpu")?.paths).toEqual(["/"]);
	});

	it("finds none where none is mounted", () => {
		expect(cgroupsIn("0::/\n", "")("cpu")).toBeUndefined();
		expect(cgroupsIn("", "")("cpu")).toBeUndefined();
	});

	it("finds none where the host is watched: the monitor's limits are none of the host's", () => {
		const cgroups = rememberedCgroups(machine("docker-cgroup-v2"));
		expect(cgroups()("cpu")).toBeUndefined();
	});

	it("leaves out limits of systemd services and slices, which are the monitor's own on a host", () => {
		const paths = [
			"/system.slice/monitor.service",
			"/system.slice",
			"/machine.slice/box.scope",
			"/docker/0a1b",
			"/",
		];
		expect(limitingPaths({ version: 2, mountPoint: "/x", paths })).toEqual([
			"/machine.slice/box.scope",
			"/docker/0a1b",
			"/",
		]);
	});
});

describe("the CPU quota", () => {
	it("is read from version 2", () => {
		const cpu = cgroupOn("docker-cgroup-v2", "cpu");
		expect(readCpuQuota(cpu, undefined)).toMatchObject({
			cpus: 0.5,
			usage: 12.5,
			throttling: { periods: 400, throttledPeriods: 25, throttled: 1.75 },
		});
	});

	it("is read from version 1, in other units", () => {
		const name = "docker-cgroup-v1";
		const quota = readCpuQuota(
			cgroupOn(name, "cpu"),
			cgroupOn(name, "cpuacct"),
		);
		expect(quota).toMatchObject({
			cpus: 1.5,
			usage: 9,
			throttling: { periods: 100, throttledPeriods: 10, throttled: 2.5 },
		});
	});

	it("is none where its usage is counted in another cgroup", () => {
		const cpu = cgroupOn("docker-cgroup-v1", "cpu");
		expect(readCpuQuota(cpu, { ...cpu, paths: ["/other"] })).toBeUndefined();
	});

	it("is none on a host whose service alone is limited", () => {
		const cpu = cgroupOn("systemd-service", "cpu");
		expect(cpu.paths).toContain("/system.slice/monitor.service");
		expect(readCpuQuota(cpu, undefined)).toBeUndefined();
	});
});

describe("the share of a CPU quota", () => {
	const quota = { directory: "/", cpus: 0.5, usage: 10, throttling: undefined };

	it("is what was used of the time that was allowed", () => {
		expect(quotaPercent(quota, { ...quota, usage: 11 }, 4000)).toBe(50);
	});

	it("ends at 100, though a burst used more", () => {
		expect(quotaPercent(quota, { ...quota, usage: 10.2 }, 200)).toBe(100);
	});
});

describe("the memory limit", () => {
	it("is read from version 2, with the cache that was not used lately taken off", () => {
		const memory = cgroupOn("docker-cgroup-v2", "memory");
		expect(readMemoryLimit(memory, 16 * gigabyte)).toEqual({
			limit: 536_870_912,
			workingSet: 300_000_000,
			oomKills: 1,
		});
	});

	it("is read from version 1, of the cgroup with those below it", () => {
		const memory = cgroupOn("docker-cgroup-v1", "memory");
		expect(readMemoryLimit(memory, 16 * gigabyte)).toEqual({
			limit: 268_435_456,
			workingSet: 150_000_000,
			oomKills: 3,
		});
	});

	it("is none if it is no less than the host has", () => {
		const memory = cgroupOn("docker-cgroup-v2", "memory");
		expect(readMemoryLimit(memory, gigabyte / 2)).toBeUndefined();
	});

	it("is none on a host whose service alone is limited", () => {
		const memory = cgroupOn("systemd-service", "memory");
		expect(readMemoryLimit(memory, 16 * gigabyte)).toBeUndefined();
	});
});

describe("the CPUs of a cpuset", () => {
	it("are read from both versions", () => {
		const v2 = cgroupOn("docker-cgroup-v2", "cpuset");
		const v1 = cgroupOn("docker-cgroup-v1", "cpuset");
		expect(readCpuset(v2)).toEqual(new Set([0]));
		expect(readCpuset(v1)).toEqual(new Set([0, 1, 2, 3, 8]));
	});

	it("are listed singly and in ranges", () => {
		expect(parseCpuList("0")).toEqual(new Set([0]));
		expect(parseCpuList("1,3-4,7")).toEqual(new Set([1, 3, 4, 7]));
	});
});
