import type { Collector } from "../collection/collector.ts";
import type { HostPaths } from "../config/host-paths.ts";
import { hostMetrics } from "../metrics/host.ts";
import { gauge } from "../metrics/metric.ts";
import { readProc } from "./proc-file.ts";

/** Open files of the whole machine. */
export function createFileDescriptorCollector(options: {
	readonly paths: HostPaths;
}): Collector {
	return {
		name: "files",
		timeLimit: 5,
		async collect() {
			const { open, limit } = parseFileNr(
				readProc(options.paths, "sys/fs/file-nr"),
			);
			return {
				readings: [
					gauge(hostMetrics.openFiles, open),
					gauge(hostMetrics.openFilesLimit, limit),
				],
			};
		},
	};
}

/** From the text of `/proc/sys/fs/file-nr`: allocated, allocated but unused, maximum. */
export function parseFileNr(text: string): { open: number; limit: number } {
	const [allocated = Number.NaN, unused = Number.NaN, limit = Number.NaN] = text
		.trim()
		.split(/\s+/)
		.map(Number);
	return { open: allocated - unused, limit };
}
