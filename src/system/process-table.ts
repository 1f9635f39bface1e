import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { HostPaths } from "../config/host-paths.ts";
import { ticksPerSecond } from "./cpu-time.ts";
import { readIfThere } from "./proc-file.ts";

/** What one process used. */
export interface ProcessUsage {
	readonly pid: string;
	/** Seconds after boot at which it was started; with the pid, it names the process for good. */
	readonly started: number;
	/** CPU time, in seconds. */
	readonly cpu: number;
	/** Bytes in RAM. */
	readonly memory: number;
}

/** The processes that `/proc` shows. Any may end while it is read: what is gone then is undefined, and no error. */
export class ProcessTable {
	readonly #proc: string;

	constructor(paths: HostPaths) {
		this.#proc = paths.proc;
	}

	/** @throws Error if `/proc` cannot be listed */
	pids(): string[] {
		return readdirSync(this.#proc).filter((name) => /^\d+$/.test(name));
	}

	/** Whether processes of other users are kept from us, by `/proc`'s option hidepid. */
	isPartial(): boolean {
		return readIfThere(join(this.#proc, "1/stat")) === undefined;
	}

	/** This process's pid as this `/proc`, perhaps of another PID namespace, has it. */
	ownPid(): string | undefined {
		try {
			return readlinkSync(join(this.#proc, "self"));
		} catch {
			return undefined; // We are not in the namespace that is shown.
		}
	}

	/** The arguments it was started with, the program first; none for the kernel's own threads. */
	argumentsOf(pid: string): string[] {
		const text = readIfThere(join(this.#proc, pid, "cmdline")) ?? "";
		return text.replace(/\0+$/, "").split("\0");
	}

	usageOf(pid: string): ProcessUsage | undefined {
		const stat = readIfThere(join(this.#proc, pid, "stat"));
		const status = readIfThere(join(this.#proc, pid, "status"));
		if (stat === undefined || status === undefined) return undefined;
		const memory = parseResidentMemory(status);
		if (memory === undefined) return undefined; // A zombie: ended, but not yet reaped.
		return { pid, ...parseProcessTimes(stat), memory };
	}
}

/** Start and CPU time from the text of `/proc/<pid>/stat`. Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function parseProcessTimes(stat: string): {
	readonly started: number;
	readonly cpu: number;
} {
	// The program's name is in parentheses and may hold blanks and parentheses itself.
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const seconds = (field: number) => Number(fields[field - 3]) / ticksPerSecond;
	return { cpu: seconds(14) + seconds(15), started: seconds(22) };
}

/** Bytes in RAM, from the text of `/proc/<pid>/status`; undefined if the process has no memory. */
export function parseResidentMemory(status: string): number | undefined {
	const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
	return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
