import {
	accessSync,
	constants,
	mkdirSync,
	rmdirSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";

const root = "/sys/fs/cgroup";
export const controllers = ["cpu", "cpuacct", "memory"] as const;
type Controller = (typeof controllers)[number] | "blkio";

/** Cgroups of version 1 can be made by root where the host has them; those of version 2 are read from fixtures. */
export function canLimit(): boolean {
	try {
		for (const controller of controllers) {
			accessSync(join(root, controller, "cgroup.procs"), constants.W_OK);
		}
		return true;
	} catch {
		console.warn("skipped: only root can limit a process by cgroup version 1");
		return false;
	}
}

/** A cgroup of version 1 below each of some controllers. */
export class Cgroup {
	readonly #name: string;
	readonly #controllers: readonly Controller[];

	/** @param name may be that of another one, a slash, and a word: then this one is within it */
	constructor(name: string, of: readonly Controller[] = controllers) {
		this.#name = name;
		this.#controllers = of;
		for (const controller of of) mkdirSync(this.folder(controller));
	}

	folder(controller: Controller): string {
		return join(root, controller, this.#name);
	}

	set(controller: Controller, file: string, value: number | string): void {
		writeFileSync(join(this.folder(controller), file), String(value));
	}

	/** How many CPUs' worth of time its processes may use in all. */
	limitCpus(cpus: number): void {
		this.set("cpu", "cpu.cfs_period_us", 100_000);
		this.set("cpu", "cpu.cfs_quota_us", cpus * 100_000);
	}

	limitMemory(bytes: number): void {
		this.set("memory", "memory.limit_in_bytes", bytes);
	}

	/** What goes before a command, so that it runs within. */
	command(): string[] {
		const joining = this.#controllers.map(
			(controller) => `echo $$ > ${this.folder(controller)}/cgroup.procs`,
		);
		return ["sh", "-c", [...joining, 'exec "$0" "$@"'].join(" && ")];
	}

	/** Once all of its processes have ended. */
	remove(): void {
		for (const controller of this.#controllers) {
			rmdirSync(this.folder(controller));
		}
	}
}
