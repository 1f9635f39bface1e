import type { StatsFs } from "node:fs";
import { stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { FileSystem } from "./file-systems.ts";
import { codeOf } from "./proc-file.ts";

/** What a file system says of its space. */
export interface DiskSpace {
	/** Bytes. */
	readonly size: number;
	/** Bytes that users other than root may still write. */
	readonly available: number;
	/** Undefined if the file system has no blocks to use. */
	readonly usedPercent: number | undefined;
	/** Undefined if the file system makes inodes as it needs them. */
	readonly inodesUsedPercent: number | undefined;
}

export type SpaceAnswer =
	| { readonly kind: "space"; readonly space: DiskSpace }
	/** It is not there to be asked: not ours to see, not mounted where it should be seen, or just unmounted. */
	| { readonly kind: "unreachable"; readonly reason: string }
	| { readonly kind: "failed"; readonly reason: string };

/** Milliseconds that a file system may take to answer; disks do in less than one. */
const patience = 1000;

/**
 * At how many hanging ones no other is asked. Each holds a thread of Node's pool of four, which name look-ups and files
 * need too: one stays free, and one more for those that answered last time.
 * Source: https://docs.libuv.org/en/v1.x/threadpool.html
 */
const tooManyHang = { answeredLast: 3, otherwise: 2 };

/** Asks file systems for their space, in such a way that one that hangs takes no other with it. */
export class DiskSpaceReader {
	readonly #root: string;
	/** Mount points whose answer is still to come. */
	readonly #hanging = new Set<string>();
	#answeredLast: ReadonlySet<string> = new Set();

	/** @param root where the watched machine's `/` is mounted */
	constructor(root: string) {
		this.#root = root;
	}

	/** Asks one after another: were several to hang, they would not all take a thread at once. */
	async askAll(
		fileSystems: readonly FileSystem[],
	): Promise<{ fileSystem: FileSystem; answer: SpaceAnswer }[]> {
		const answers = [];
		for (const fileSystem of fileSystems) {
			answers.push({ fileSystem, answer: await this.#ask(fileSystem) });
		}
		this.#answeredLast = new Set(
			answers
				.filter(({ answer }) => answer.kind !== "failed")
				.map(({ fileSystem }) => fileSystem.mountPoint),
		);
		return answers;
	}

	async #ask(fileSystem: FileSystem): Promise<SpaceAnswer> {
		const { mountPoint } = fileSystem;
		if (this.#hanging.has(mountPoint)) return hangs;
		const most = this.#answeredLast.has(mountPoint)
			? tooManyHang.answeredLast
			: tooManyHang.otherwise;
		if (this.#hanging.size >= most) {
			const others = [...this.#hanging].join(" and ");
			return { kind: "failed", reason: `was not asked, as ${others} hang` };
		}
		this.#hanging.add(mountPoint);
		const answer = spaceOf(fileSystem, join(this.#root, mountPoint)).finally(
			() => this.#hanging.delete(mountPoint),
		);
		const { promise: tooLate, resolve } = Promise.withResolvers<SpaceAnswer>();
		const timer = setTimeout(resolve, patience, hangs);
		return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
	}
}

const hangs: SpaceAnswer = {
	kind: "failed",
	reason: "hangs: the kernel does not answer for it",
};

async function spaceOf(
	fileSystem: FileSystem,
	path: string,
): Promise<SpaceAnswer> {
	try {
		const { dev } = await stat(path);
		const stats = await statfs(path);
		return isOf(fileSystem, dev, stats.type)
			? { kind: "space", space: spaceFrom(stats) }
			: { kind: "unreachable", reason: `is not what is at ${path}` };
	} catch (error) {
		const code = codeOf(error);
		return {
			kind: ["ENOENT", "EACCES"].includes(code) ? "unreachable" : "failed",
			reason: `cannot be read at ${path} (${code})`,
		};
	}
}

/**
 * File systems that give each subvolume a device number of its own, which the list of mounts doesn't tell; they are known
 * by the number of their type. Source: https://man7.org/linux/man-pages/man2/statfs.2.html, fs/bcachefs/super-io.h
 */
const ofManyDevices = new Map([
	["btrfs", 0x9123683e],
	["bcachefs", 0xca451a4e],
]);

/** Whether what was asked is the file system that is listed, not one that covers it or is there in its place. */
function isOf(
	{ type, device }: FileSystem,
	dev: number,
	typeNumber: number,
): boolean {
	const expected = ofManyDevices.get(type);
	return expected === undefined
		? dev === deviceNumber(device)
		: typeNumber === expected;
}

/** `major:minor` as stat(2) gives it. Source: gnu_dev_makedev of glibc's sys/sysmacros.h */
export function deviceNumber(device: string): number {
	const [major = 0, minor = 0] = device.split(":").map(Number);
	return (minor % 256) + major * 256 + Math.floor(minor / 256) * 2 ** 20;
}

/**
 * Space as df(1) reckons it: what only root may still write is neither used nor available.
 * Source: coreutils' df.c, get_dev: used / (used + available), with f_bavail as available
 */
export function spaceFrom(stats: StatsFs): DiskSpace {
	const { bsize, blocks, bfree, bavail, files, ffree } = stats;
	const blockSize = stats.frsize ?? bsize; // Blocks are counted in frsize, which Node tells since libuv 1.52.
	const used = blocks - bfree;
	return {
		size: blocks * blockSize,
		available: bavail * blockSize,
		usedPercent: used + bavail > 0 ? (100 * used) / (used + bavail) : undefined,
		inodesUsedPercent: files > 0 ? (100 * (files - ffree)) / files : undefined,
	};
}
