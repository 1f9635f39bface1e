import { join } from "node:path";
import type { Collector } from "../collection/collector.ts";
import type { HostPaths } from "../config/host-paths.ts";
import { hostMetrics } from "../metrics/host.ts";
import { counter } from "../metrics/metric.ts";
import { readIfThere } from "./proc-file.ts";

/**
 * The kernel's pressure stall information of the whole machine, also from within a container.
 * Source: https://docs.kernel.org/accounting/psi.html
 */
export function createPressureCollector(options: {
	readonly paths: HostPaths;
	/** In Unix milliseconds. */
	readonly bootTime: () => number;
}): Collector {
	return {
		name: "pressure",
		timeLimit: 5,
		async collect() {
			const since = options.bootTime();
			const readings = ["cpu", "memory", "io"].flatMap((resource) => {
				const text = readIfThere(
					join(options.paths.proc, "pressure", resource),
				);
				const { some, full } = parsePressure(text);
				const labels = { resource };
				return [
					...(some === undefined
						? []
						: [counter(hostMetrics.pressureWaiting, some, since, labels)]),
					// The kernel writes zeros for `full` of the CPU: it isn't defined for a whole machine.
					...(full === undefined || resource === "cpu"
						? []
						: [counter(hostMetrics.pressureStalled, full, since, labels)]),
				];
			});
			return readings.length > 0
				? { readings }
				: {
						readings,
						absent: [
							"pressure stall information is not kept by this kernel (it needs CONFIG_PSI, and psi=1 if that is not its default)",
						],
					};
		},
	};
}

/** Seconds since boot in which some, or all, tasks waited, from a file of `/proc/pressure`. */
export function parsePressure(text = ""): {
	readonly some: number | undefined;
	readonly full: number | undefined;
} {
	const seconds = (line: string) => {
		const total = new RegExp(`^${line} .*\\btotal=(\\d+)$`, "m").exec(
			text,
		)?.[1];
		return total === undefined ? undefined : Number(total) / 1e6;
	};
	return { some: seconds("some"), full: seconds("full") };
}
