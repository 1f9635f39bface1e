import { mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { Cgroup } from "../cgroup.ts";

/** A process that does nothing but wait for a disk, and the kernel's account of its waiting alone. */
export class SlowReading {
	readonly #slow: Cgroup;
	/** A cgroup of version 2, as only those have the account. */
	readonly #waiting: string;

	/** @param name of its cgroups */
	constructor(name: string) {
		this.#slow = new Cgroup(name, ["blkio"]);
		this.#waiting = `/sys/fs/cgroup/unified/${name}`;
		mkdirSync(this.#waiting);
	}

	/** The file that the kernel keeps of a resource. */
	pressure(resource: string): string {
		return join(this.#waiting, `${resource}.pressure`);
	}

	/** Reads a file of a disk, which gives a megabyte a second from now on. */
	command(device: string, file: string): string[] {
		this.#slow.set(
			"blkio",
			"blkio.throttle.read_bps_device",
			`${device} 1000000`,
		);
		const joining = `echo $$ > ${this.#waiting}/cgroup.procs`;
		const reading = `dd if=${file} of=/dev/null bs=64k iflag=direct status=none`;
		return [...this.#slow.command(), "sh", "-c", `${joining} && ${reading}`];
	}

	/** Once its process has ended. */
	remove(): void {
		this.#slow.remove();
		rmdirSync(this.#waiting);
	}
}
