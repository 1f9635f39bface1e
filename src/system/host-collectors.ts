import type { Collector } from "../collection/collector.ts";
import type { HostPaths } from "../config/host-paths.ts";
import { rememberedBootTime } from "./boot-time.ts";
import { createCpuCollector } from "./cpu.ts";
import { createDiskCollector } from "./disk.ts";
import { createDiskIoCollector } from "./disk-io.ts";
import { createFileDescriptorCollector } from "./file-descriptors.ts";
import { createLoadCollector } from "./load.ts";
import { createMemoryCollector } from "./memory.ts";
import { createNetworkCollector } from "./network.ts";
import { createPortableCollector } from "./other-platforms.ts";
import { createPressureCollector } from "./pressure.ts";
import { createProcessCollector } from "./processes.ts";
import { createSelfCollector } from "./self.ts";

/**
 * The collectors of the machine, of the configured processes, and of this process itself.
 * @param options.processes a regular expression on the command line for each name
 * @throws SyntaxError if a pattern is no regular expression
 */
export function createHostCollectors({
	paths,
	processes,
}: {
	readonly paths: HostPaths;
	readonly processes: Readonly<Record<string, string>>;
}): Collector[] {
	if (process.platform !== "linux") {
		return [createPortableCollector(), createSelfCollector()];
	}
	const bootTime = rememberedBootTime(paths);
	return [
		createCpuCollector({ paths, bootTime }),
		createMemoryCollector({ paths, bootTime }),
		createPressureCollector({ paths, bootTime }),
		createDiskCollector({ paths }),
		createDiskIoCollector({ paths, bootTime }),
		createLoadCollector({ paths, bootTime }),
		createNetworkCollector({ paths, bootTime }),
		createFileDescriptorCollector({ paths }),
		createProcessCollector({ paths, bootTime, processes }),
		createSelfCollector(),
	];
}
