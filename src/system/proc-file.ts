import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { HostPaths } from "../config/host-paths.ts";

/** Whether `/proc` is another one than this process's own: it then shows the host from within a container. */
export function watchesHost(paths: HostPaths): boolean {
	return resolve(paths.proc) !== "/proc";
}

/** The process that is in the namespaces to look at: this one, or the host's first. */
export function namespaceOwner(paths: HostPaths): "self" | "1" {
	return watchesHost(paths) ? "1" : "self";
}

/**
 * The text of a file of the host's `/proc`. Read synchronously, for the kernel makes it up at once from memory.
 * @throws Error naming the file and why it cannot be read
 */
export function readProc(paths: HostPaths, file: string): string {
	const path = join(paths.proc, file);
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		const hint = watchesHost(paths)
			? "; HOST_PROC must be where the host's /proc is mounted"
			: "";
		throw new Error(`${path} cannot be read (${codeOf(error)})${hint}`);
	}
}

/** What the kernel answers about what does not exist (any more), is switched off, or is not ours to see. */
const notThere = new Set([
	"ENOENT",
	"ENOTDIR",
	"ESRCH",
	"EACCES",
	"EPERM",
	"EOPNOTSUPP",
	"ENOTSUP",
]);

/**
 * The text of a file, or undefined where it is not there to be read.
 * @throws Error as the file system gives it if reading fails otherwise
 */
export function readIfThere(path: string): string | undefined {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if (notThere.has(codeOf(error))) return undefined;
		throw error;
	}
}

/** The error number's name, such as `ENOENT`; the error's text if it has none. */
export function codeOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return "code" in error && typeof error.code === "string"
		? error.code
		: error.message;
}
