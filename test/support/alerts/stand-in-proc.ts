import {
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";

/**
 * Makes a folder that is this machine's own /proc (`HOST_PROC`), in which the CPU time stands still, so that other work on
 * this machine is not told of.
 * @param except entries that are left out, for others in their place
 */
export function makeStandInProc(
	folder: string,
	except: readonly string[] = [],
): void {
	mkdirSync(folder);
	for (const entry of readdirSync("/proc")) {
		if (entry === "stat" || except.includes(entry)) continue;
		symlinkSync(join("/proc", entry), join(folder, entry));
	}
	writeFileSync(join(folder, "stat"), readFileSync("/proc/stat"));
}
