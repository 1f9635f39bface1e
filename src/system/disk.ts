import { resolve } from "node:path";
import type { Collector } from "../collection/collector.ts";
import type { HostPaths } from "../config/host-paths.ts";
import { hostMetrics } from "../metrics/host.ts";
import { gauge, type Reading } from "../metrics/metric.ts";
import { type DiskSpace, DiskSpaceReader } from "./disk-space.ts";
import { chooseFileSystems, type FileSystem } from "./file-systems.ts";
import { namespaceOwner, readProc, watchesHost } from "./proc-file.ts";

/** Space of the machine's file systems. */
export function createDiskCollector(options: {
	readonly paths: HostPaths;
}): Collector {
	const paths = { ...options.paths, root: resolve(options.paths.root) };
	const reader = new DiskSpaceReader(paths.root);
	const hint =
		watchesHost(paths) || paths.root !== "/"
			? "; HOST_ROOT must be where the host's / is mounted, with all that is mounted below it (rslave)"
			: "";
	return {
		name: "disk",
		timeLimit: 10,
		async collect() {
			const readings: Reading[] = [];
			const problems: string[] = [];
			const absent: string[] = [];
			const answers = await reader.askAll(listFileSystems(paths));
			for (const { fileSystem, answer } of answers) {
				if (answer.kind === "space") {
					readings.push(...spaceReadings(fileSystem, answer.space));
				} else if (answer.kind === "unreachable") {
					absent.push(`${fileSystem.mountPoint} ${answer.reason}${hint}`);
				} else if (answer.kind === "failed") {
					problems.push(`${fileSystem.mountPoint} ${answer.reason}`);
				}
			}
			return {
				readings: [...readings, ...fullest(readings)],
				problems,
				absent,
			};
		},
	};
}

function listFileSystems(paths: HostPaths): FileSystem[] {
	const owner = paths.root === "/" ? namespaceOwner(paths) : "1";
	return chooseFileSystems(
		readProc(paths, `${owner}/mountinfo`),
		readProc(paths, "filesystems"),
		paths.root,
	);
}

function spaceReadings(
	{ mountPoint, source, type, readOnly }: FileSystem,
	{ size, available, usedPercent, inodesUsedPercent }: DiskSpace,
): Reading[] {
	if (usedPercent === undefined) return [];
	const labels = { mountpoint: mountPoint, device: source, fstype: type };
	return [
		gauge(hostMetrics.filesystemSize, size, labels),
		gauge(hostMetrics.filesystemAvailable, available, labels),
		gauge(hostMetrics.filesystemReadOnly, readOnly ? 1 : 0, labels),
		// Nothing can fill what is read-only, so that being full says nothing of it.
		...(readOnly
			? []
			: [gauge(hostMetrics.filesystemPercent, usedPercent, labels)]),
		...(readOnly || inodesUsedPercent === undefined
			? []
			: [
					gauge(hostMetrics.filesystemInodesPercent, inodesUsedPercent, labels),
				]),
	];
}

function fullest(readings: readonly Reading[]): Reading[] {
	const percents = readings
		.filter(({ metric }) => metric === hostMetrics.filesystemPercent)
		.map(({ value }) => value);
	return percents.length > 0
		? [gauge(hostMetrics.diskPercent, Math.max(...percents))]
		: [];
}
