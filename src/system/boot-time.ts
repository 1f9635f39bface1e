import type { HostPaths } from "../config/host-paths.ts";
import { readProc } from "./proc-file.ts";

/** When the machine was started, in Unix milliseconds, from the text of `/proc/stat`. */
export function parseBootTime(stat: string): number {
	const seconds = /^btime (\d+)$/m.exec(stat)?.[1];
	if (seconds !== undefined) return Number(seconds) * 1000;
	throw new Error("/proc/stat has no line `btime`");
}

/**
 * Gives the boot time, read once: the kernel works it out anew from the clock for each reader, and the start of a
 * counter must not move when the clock is set.
 */
export function rememberedBootTime(paths: HostPaths): () => number {
	let bootTime: number | undefined;
	return () => {
		bootTime ??= parseBootTime(readProc(paths, "stat"));
		return bootTime;
	};
}
