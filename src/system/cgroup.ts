import { join } from "node:path";
import type { HostPaths } from "../config/host-paths.ts";
import { type Mount, parseMountinfo } from "./mountinfo.ts";
import { readIfThere, watchesHost } from "./proc-file.ts";

/** Where the limits that this process lives under are to be found. */
export interface Cgroup {
	readonly version: 1 | 2;
	/** Where the hierarchy is mounted. */
	readonly mountPoint: string;
	/** The process's own cgroup and those around it, innermost first, `/` last, as paths below the mount point. */
	readonly paths: readonly string[];
}

export type Controller = "cpu" | "cpuacct" | "cpuset" | "memory";

/** Finds this process's cgroup for a controller. */
export type FindCgroup = (controller: Controller) => Cgroup | undefined;

/**
 * Looks up this process's cgroups, anew only when it was moved to others. Where the host is watched there are none: limits
 * of the monitor itself are none of the host's.
 */
export function rememberedCgroups(paths: HostPaths): () => FindCgroup {
	let known: string | undefined;
	let find: FindCgroup = () => undefined;
	return () => {
		if (watchesHost(paths)) return find;
		const membership = readIfThere(join(paths.proc, "self/cgroup")) ?? "";
		if (membership !== known) {
			const mountinfo = readIfThere(join(paths.proc, "self/mountinfo")) ?? "";
			find = cgroupsIn(membership, mountinfo);
			known = membership;
		}
		return find;
	};
}

/**
 * Cgroups from the texts of `/proc/self/cgroup` and `/proc/self/mountinfo`.
 *
 * In a container the top of what is mounted is the container's own cgroup, by a cgroup namespace (its path is `/`) or by
 * a bind mount (the mount's root is its path). On a host the whole tree is mounted, and the path leads into it.
 * Source: https://man7.org/linux/man-pages/man7/cgroups.7.html, cgroup_namespaces.7.html
 */
export function cgroupsIn(membership: string, mountinfo: string): FindCgroup {
	const entries = [...membership.matchAll(/^\d+:([^:]*):(.*)$/gm)];
	const mounts = parseMountinfo(mountinfo);
	return (controller) => {
		const v1 = entries.find(([, names = ""]) =>
			names.split(",").includes(controller),
		);
		const path = (v1 ?? entries.find(([, names]) => names === ""))?.[2];
		if (path === undefined) return undefined;
		const candidates = mounts.filter(({ type, superOptions }) =>
			v1
				? type === "cgroup" && superOptions.includes(controller)
				: type === "cgroup2",
		);
		// There may be several, such as the host's mounted into the container beside its own.
		const mount =
			candidates.find(({ root }) => isWithin(path, root)) ?? candidates[0];
		if (mount === undefined) return undefined;
		return {
			version: v1 ? 1 : 2,
			mountPoint: mount.mountPoint,
			paths: withAncestors(pathBelow(mount, path)),
		};
	};
}

/**
 * The cgroups whose limits hold for all that this process sees, innermost first.
 *
 * A limit on a systemd service or slice is left out: set on a host, it is meant for the monitor alone, and the machine is
 * as big as before. Containers that systemd keeps are scopes.
 */
export function limitingPaths({ paths }: Cgroup): string[] {
	return paths.filter((path) => !/\.(service|slice)$/.test(path));
}

/** The numbers of a cgroup's file that has lines of a key and a value. */
export function keyValues(text = ""): Map<string, number> {
	const lines = text.matchAll(/^(\S+) (\d+)$/gm);
	return new Map([...lines].map(([, key = "", value]) => [key, Number(value)]));
}

function isWithin(path: string, root: string): boolean {
	return root === "/" || path === root || path.startsWith(`${root}/`);
}

function pathBelow({ root }: Mount, path: string): string {
	if (!isWithin(path, root) || path.startsWith("/..")) return "/";
	return root === "/" ? path : path.slice(root.length) || "/";
}

function withAncestors(path: string): string[] {
	if (path === "/") return ["/"];
	const parent = path.slice(0, path.lastIndexOf("/")) || "/";
	return [path, ...withAncestors(parent)];
}
