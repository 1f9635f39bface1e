import { join } from "node:path";
import { type Cgroup, limitingPaths } from "./cgroup.ts";
import { readIfThere } from "./proc-file.ts";

const files = { 1: "cpuset.effective_cpus", 2: "cpuset.cpus.effective" };

/**
 * The numbers of the CPUs that a cgroup may run on; undefined if it doesn't tell.
 * Source: https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset-interface-files
 */
export function readCpuset(cpuset: Cgroup): Set<number> | undefined {
	// What is effective has the limits of the cgroups around it in it.
	for (const path of limitingPaths(cpuset)) {
		const directory = join(cpuset.mountPoint, path);
		const list = readIfThere(join(directory, files[cpuset.version]))?.trim();
		if (list) return parseCpuList(list);
	}
	return undefined;
}

/** CPU numbers from a list such as `0-3,8`. */
export function parseCpuList(list: string): Set<number> {
	return new Set(
		list.split(",").flatMap((range) => {
			const [first = Number.NaN, last = first] = range.split("-").map(Number);
			return Array.from({ length: last - first + 1 }, (_, i) => first + i);
		}),
	);
}
