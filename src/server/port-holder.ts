import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

const listening = "0A";

/** Which process listens on a TCP port, by Linux's /proc: "node (pid 123)"; `undefined` if that can't be seen. */
export function portHolder(port: number): string | undefined {
	try {
		const inodes = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((path) =>
			listeningInodes(readFileSync(path, "utf8"), port),
		);
		const pid = readdirSync("/proc").find(
			(name) => /^\d+$/.test(name) && holdsSocket(name, inodes),
		);
		if (pid === undefined) return undefined;
		// Not comm: Node's is "MainThread".
		const [program = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split(
			"\0",
		);
		return `${basename(program)} (pid ${pid})`;
	} catch {
		return undefined;
	}
}

/** Inodes of the sockets that listen on a port, in a table of the form of /proc/net/tcp. */
export function listeningInodes(table: string, port: number): string[] {
	return table.split("\n").flatMap((line) => {
		const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
		const localPort = Number.parseInt(local.split(":")[1] ?? "", 16);
		return localPort === port && state === listening && inode ? [inode] : [];
	});
}

function holdsSocket(pid: string, inodes: readonly string[]): boolean {
	try {
		return readdirSync(`/proc/${pid}/fd`).some((fd) =>
			inodes.some(
				(inode) =>
					readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`,
			),
		);
	} catch {
		return false; // Another user's process, or one that has just ended.
	}
}
