import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Collector } from "../collection/collector.ts";
import type { HostPaths } from "../config/host-paths.ts";
import { hostMetrics } from "../metrics/host.ts";
import { counter } from "../metrics/metric.ts";
import { codeOf, readProc } from "./proc-file.ts";

export interface DiskTraffic {
	readonly device: string;
	/** Bytes since boot. */
	readonly read: number;
	readonly written: number;
	/** Seconds since boot with a request under way. */
	readonly busy: number;
}

/** Input and output of whole disks: partitions are parts of them. */
export function createDiskIoCollector(options: {
	readonly paths: HostPaths;
	/** In Unix milliseconds. */
	readonly bootTime: () => number;
}): Collector {
	const { paths, bootTime } = options;
	return {
		name: "diskio",
		timeLimit: 5,
		async collect() {
			const directory = join(paths.sys, "block");
			const disks = wholeDisks(directory);
			if (disks === undefined) {
				return {
					readings: [],
					absent: [
						`disk input and output: ${directory}, which tells disks from partitions, cannot be read`,
					],
				};
			}
			const since = bootTime();
			const readings = parseDiskstats(readProc(paths, "diskstats"))
				.filter(({ device }) => disks.has(device) && !isLayered(device))
				.flatMap(({ device, read, written, busy }) => [
					counter(hostMetrics.diskBytes, read, since, {
						device,
						direction: "read",
					}),
					counter(hostMetrics.diskBytes, written, since, {
						device,
						direction: "write",
					}),
					counter(hostMetrics.diskBusy, busy, since, { device }),
				]);
			return { readings };
		},
	};
}

/** The kernel lists whole disks only in `/sys/block`; a slash in a name is a `!` there. */
function wholeDisks(directory: string): Set<string> | undefined {
	try {
		return new Set(
			readdirSync(directory).map((name) => name.replaceAll("!", "/")),
		);
	} catch (error) {
		if (["ENOENT", "EACCES"].includes(codeOf(error))) return undefined;
		throw error;
	}
}

/** Devices that are no disks, or lie upon disks that count the same bytes: files and RAM as disks, LVM, RAID. */
export function isLayered(device: string): boolean {
	return /^(loop|ram|zram|fd|sr|dm-|md|drbd|bcache)\d/.test(device);
}

/** A sector of this file is 512 bytes, whatever the disk's own are. */
const sector = 512;

/** The lines of `/proc/diskstats`. Source: https://docs.kernel.org/admin-guide/iostats.html */
export function parseDiskstats(text: string): DiskTraffic[] {
	return text.split("\n").flatMap((line) => {
		const [, , device, , , sectorsRead, , , , sectorsWritten, , , busy] = line
			.trim()
			.split(/\s+/);
		if (device === undefined || busy === undefined) return [];
		return {
			device,
			read: Number(sectorsRead) * sector,
			written: Number(sectorsWritten) * sector,
			busy: Number(busy) / 1000,
		};
	});
}
