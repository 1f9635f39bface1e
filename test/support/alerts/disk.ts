import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { MountNamespace } from "../../fixtures/mount-namespace.ts";
import type { NamedProcesses } from "./named-processes.ts";

/** A file system of 256 MB, which only those see who are in a namespace. */
export class Disk {
	readonly #mounts: MountNamespace;
	readonly #mountpoint: string;
	readonly #processes: NamedProcesses;

	constructor(
		mounts: MountNamespace,
		mountpoint: string,
		processes: NamedProcesses,
	) {
		this.#mounts = mounts;
		this.#mountpoint = mountpoint;
		this.#processes = processes;
	}

	/** @param image the file that it is made in */
	mount(image: string): void {
		this.#mounts.mountImage(image, this.#mountpoint, 256);
	}

	/** Its number, as the kernel writes it. */
	get device(): string {
		return this.#mounts.run("mountpoint", "-d", this.#mountpoint).trim();
	}

	/** How something on it is reached from outside. */
	path(file = ""): string {
		return join(this.#mounts.path(this.#mountpoint), file);
	}

	/**
	 * Writes until it is so full.
	 * @returns the file that was written
	 */
	fill(percent: number): string {
		const { size, ...df } = this.#mounts.df(this.#mountpoint);
		const all = df.available / (1 - df.percent / 100);
		const bytes = Math.round((all * (percent - df.percent)) / 100);
		expect(bytes, `free of ${size}`).toBeGreaterThan(0);
		const file = this.path(`${percent}`);
		writeFileSync(file, Buffer.alloc(bytes, 1), { flush: true });
		return file;
	}

	empty(): void {
		for (const file of readdirSync(this.path())) {
			if (file !== "lost+found") rmSync(this.path(file));
		}
	}

	writeSteadily(): void {
		const loop = `while :; do head -c 500000 /dev/zero >> log; sleep 0.5; done`;
		const script = `cd ${this.#mountpoint} && ${loop}`;
		const command = this.#mounts.command("sh", "-c", script).flat();
		this.#processes.start(this.#mountpoint, command);
	}

	/** Ends it, and frees all that was written. */
	async endWriting(): Promise<void> {
		await this.#processes.end(this.#mountpoint);
		this.empty();
	}
}
