import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeStandInProc } from "./stand-in-proc.ts";

/** This machine's own /proc, but for the number of open files, which a test tells, and for the pressure. */
export class MachineProc {
	readonly folder: string;

	/** @param pressure the file that tells a resource's pressure in the machine's place */
	constructor(folder: string, pressure: (resource: string) => string) {
		this.folder = folder;
		makeStandInProc(folder, ["sys", "pressure"]);
		mkdirSync(join(folder, "sys/fs"), { recursive: true });
		this.tellOpenFiles(0.1);
		mkdirSync(join(folder, "pressure"));
		for (const resource of ["cpu", "io", "memory"]) {
			symlinkSync(pressure(resource), join(folder, "pressure", resource));
		}
	}

	/** What the kernel says of the machine's open files, with another number of them. */
	tellOpenFiles(share: number): void {
		const [, , limit = ""] = readFileSync("/proc/sys/fs/file-nr", "utf8")
			.trim()
			.split(/\s+/);
		writeFileSync(
			join(this.folder, "sys/fs/file-nr"),
			`${Math.round(Number(limit) * share)}\t0\t${limit}\n`,
		);
	}
}
