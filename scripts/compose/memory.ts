import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The process that a running container was started with, by its service. */
export type Processes = ReadonlyMap<string, number>;

/** How often a container's memory limit made the kernel kill one of its processes, where it did. */
export function memoryKills(processes: Processes): Record<string, number> {
	const kills = [...processes].map(([service, id]) => {
		const folder = groupOf(id);
		const file = ["memory.oom_control", "memory.events"].find((name) =>
			existsSync(join(folder, name)),
		);
		return [service, fields(join(folder, file ?? "")).get("oom_kill") ?? 0];
	});
	return Object.fromEntries(kills.filter(([, count]) => count !== 0));
}

/** Bytes that each running container's processes take, as the kernel counts them; page cache that can go is left out. */
export function memoryOf(processes: Processes): Record<string, number> {
	return Object.fromEntries(
		[...processes].map(([service, id]) => {
			const stat = fields(join(groupOf(id), "memory.stat"));
			return [service, stat.get("total_rss") ?? stat.get("anon") ?? 0];
		}),
	);
}

/** What the kernel writes as lines of a name and a number. */
function fields(file: string): Map<string, number> {
	const lines = readFileSync(file, "utf8").trim().split("\n");
	return new Map(
		lines.map((line) => {
			const [name = "", value] = line.split(" ");
			return [name, Number(value)];
		}),
	);
}

/** The folder of a process' control group for memory, of version 1 or 2. */
function groupOf(id: number): string {
	const groups = readFileSync(`/proc/${id}/cgroup`, "utf8");
	const [, first] = /:memory:(.*)/.exec(groups) ?? [];
	if (first !== undefined) return join("/sys/fs/cgroup/memory", first);
	const [, second = ""] = /^0::(.*)/m.exec(groups) ?? [];
	return join("/sys/fs/cgroup", second);
}
