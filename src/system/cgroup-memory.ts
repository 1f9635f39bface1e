import { join } from "node:path";
import { type Cgroup, keyValues, limitingPaths } from "./cgroup.ts";
import { readIfThere } from "./proc-file.ts";

/** A limit on memory, and what is used of it. */
export interface MemoryLimit {
	/** Bytes. */
	readonly limit: number;
	/** Bytes that cannot be freed at once: usage without the file cache that was not used lately. */
	readonly workingSet: number;
	/** Processes killed for reaching the limit; undefined if the kernel doesn't count them. */
	readonly oomKills: number | undefined;
}

const files = {
	1: {
		limit: "memory.limit_in_bytes",
		usage: "memory.usage_in_bytes",
		inactiveFile: "total_inactive_file",
		events: "memory.oom_control",
	},
	2: {
		limit: "memory.max",
		usage: "memory.current",
		inactiveFile: "inactive_file",
		events: "memory.events",
	},
};

/**
 * The tightest limit that is set, if any. One of as much memory as the host has, or more, is none: version 1 writes
 * "no limit" as a huge number.
 * @param hostSize the host's memory, in bytes
 */
export function readMemoryLimit(
	memory: Cgroup,
	hostSize: number,
): MemoryLimit | undefined {
	const limits = limitingPaths(memory).flatMap(
		(path) => limitOf(join(memory.mountPoint, path), memory.version) ?? [],
	);
	return limits
		.filter(({ limit }) => limit < hostSize)
		.sort((a, b) => a.limit - b.limit)[0];
}

/**
 * The working set is reckoned as the kubelet does it, who evicts by it.
 * Source: cAdvisor, container/libcontainer/handler.go, setMemoryStats; https://docs.kernel.org/admin-guide/cgroup-v2.html#memory
 */
function limitOf(directory: string, version: 1 | 2): MemoryLimit | undefined {
	const names = files[version];
	const limit = Number(readIfThere(join(directory, names.limit)));
	const usage = Number(readIfThere(join(directory, names.usage)));
	const inactiveFile = keyValues(
		readIfThere(join(directory, "memory.stat")),
	).get(names.inactiveFile);
	if (!Number.isFinite(limit) || !Number.isFinite(usage)) return; // "max", or none
	if (inactiveFile === undefined) return;
	const events = keyValues(readIfThere(join(directory, names.events)));
	return {
		limit,
		workingSet: Math.max(0, usage - inactiveFile),
		oomKills: events.get("oom_kill"),
	};
}
