import type { Collector } from "../collection/collector.ts";
import type { HostPaths } from "../config/host-paths.ts";
import { hostMetrics } from "../metrics/host.ts";
import { counter, gauge, type Reading } from "../metrics/metric.ts";
import { readProc } from "./proc-file.ts";
import { ProcessCpu } from "./process-cpu.ts";
import { ProcessTable, type ProcessUsage } from "./process-table.ts";

interface Watched {
	readonly name: string;
	readonly pattern: RegExp;
	readonly cpu: ProcessCpu;
}

/**
 * Processes in all, and the configured ones.
 *
 * A pattern is matched anywhere in a command line, its arguments joined by blanks, as pgrep(1) does with -f; a shell that
 * was given the command matches with it. Of this process's own, what follows the script is left out: else the monitor
 * would match because it was told what to look for.
 * @param options.processes a regular expression for each name
 * @throws SyntaxError if a pattern is no regular expression
 */
export function createProcessCollector(options: {
	readonly paths: HostPaths;
	/** In Unix milliseconds. */
	readonly bootTime: () => number;
	readonly processes: Readonly<Record<string, string>>;
}): Collector {
	const { paths, bootTime } = options;
	const table = new ProcessTable(paths);
	const ownPid = table.ownPid();
	const ownStart = ownPid && table.usageOf(ownPid)?.started;
	const watched = Object.entries(options.processes).map(
		([name, pattern]): Watched => ({
			name,
			pattern: new RegExp(pattern),
			cpu: new ProcessCpu(ownStart || Number.POSITIVE_INFINITY),
		}),
	);
	let firstLook: number | undefined;

	return {
		name: "processes",
		timeLimit: 5,
		async collect() {
			firstLook ??= Date.now();
			const readings = taskReadings(readProc(paths, "stat"));
			const pids = table.pids();
			const isPartial = table.isPartial();
			const found = findProcesses(table, pids, watched, ownPid);
			const absent: string[] = [];
			if (isPartial) {
				absent.push(
					`processes of other users are hidden in ${paths.proc} (hidepid), so they are not counted, and none is taken to be down`,
				);
			} else {
				readings.push(gauge(hostMetrics.processes, pids.length));
			}
			for (const { name, cpu } of watched) {
				const usages = found.get(name) ?? [];
				const time = cpu.look(usages);
				if (isPartial && usages.length === 0) continue;
				const labels = { process: name };
				readings.push(
					...presenceReadings(usages, bootTime(), labels),
					counter(hostMetrics.processCpu, time, firstLook, labels),
				);
			}
			return { readings, absent };
		},
	};
}

function findProcesses(
	table: ProcessTable,
	pids: readonly string[],
	watched: readonly Watched[],
	ownPid: string | undefined,
): Map<string, ProcessUsage[]> {
	const found = new Map<string, ProcessUsage[]>();
	if (watched.length === 0) return found;
	for (const pid of pids) {
		const all = table.argumentsOf(pid);
		const used = pid === ownPid ? withoutScriptArguments(all) : all;
		const command = used.join(" ");
		const matches = watched.filter(
			({ pattern }) => command !== "" && pattern.test(command),
		);
		const usage = matches.length > 0 ? table.usageOf(pid) : undefined;
		if (usage === undefined) continue;
		for (const { name } of matches) {
			found.set(name, [...(found.get(name) ?? []), usage]);
		}
	}
	return found;
}

function withoutScriptArguments(own: readonly string[]): string[] {
	return own.slice(0, own.length - process.argv.slice(2).length);
}

function presenceReadings(
	usages: readonly ProcessUsage[],
	bootTime: number,
	labels: { readonly process: string },
): Reading[] {
	const presence = [
		gauge(hostMetrics.processUp, usages.length > 0 ? 1 : 0, labels),
		gauge(hostMetrics.processInstances, usages.length, labels),
	];
	if (usages.length === 0) return presence;
	const memory = usages.reduce((sum, usage) => sum + usage.memory, 0);
	const oldest = Math.min(...usages.map(({ started }) => started));
	return [
		...presence,
		gauge(hostMetrics.processMemory, memory, labels),
		gauge(hostMetrics.processStart, bootTime / 1000 + oldest, labels),
	];
}

function taskReadings(stat: string): Reading[] {
	const { running, blocked } = parseTasks(stat);
	return [
		gauge(hostMetrics.tasksRunning, running),
		gauge(hostMetrics.tasksBlocked, blocked),
	];
}

/** Threads that run or wait for a device, from the text of `/proc/stat`. */
export function parseTasks(stat: string): { running: number; blocked: number } {
	const number = (key: string) =>
		Number(new RegExp(`^${key} (\\d+)$`, "m").exec(stat)?.[1]);
	return { running: number("procs_running"), blocked: number("procs_blocked") };
}
