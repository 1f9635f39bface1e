import type { Collector } from "../collection/collector.ts";
import type { HostPaths } from "../config/host-paths.ts";
import { hostMetrics } from "../metrics/host.ts";
import { gauge } from "../metrics/metric.ts";
import { readProc } from "./proc-file.ts";

const windows = ["1m", "5m", "15m"] as const;

/** What uptime(1) tells: load averages, and since when the machine is up. */
export function createLoadCollector(options: {
	readonly paths: HostPaths;
	/** In Unix milliseconds. */
	readonly bootTime: () => number;
}): Collector {
	return {
		name: "load",
		timeLimit: 5,
		async collect() {
			const averages = parseLoadAverages(readProc(options.paths, "loadavg"));
			return {
				readings: [
					...windows.map((window, i) =>
						gauge(hostMetrics.loadAverage, averages[i] ?? Number.NaN, {
							window,
						}),
					),
					gauge(hostMetrics.bootTime, options.bootTime() / 1000),
				],
			};
		},
	};
}

/** The averages over 1, 5 and 15 minutes, from the text of `/proc/loadavg`. */
export function parseLoadAverages(text: string): number[] {
	return text.split(" ", windows.length).map(Number);
}
