import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Collector } from "../collection/collector.ts";
import { hostMetrics } from "../metrics/host.ts";
import { gauge } from "../metrics/metric.ts";
import { busyPercent, cpuTimeSpent } from "./cpu-time.ts";

/** What Node itself tells of a machine without Linux' `/proc`: enough to try the monitor out on. */
export function createPortableCollector(): Collector {
	let last: { readonly seconds: number[] } | undefined;
	return {
		name: "host",
		timeLimit: 5,
		async collect(signal) {
			if (last === undefined) {
				last = cpuTimes();
				await sleep(200, undefined, { signal });
			}
			const now = cpuTimes();
			const percent = busyPercent(cpuTimeSpent(last, now));
			last = now;
			const size = os.totalmem();
			const available = os.freemem();
			return {
				readings: [
					...(percent === undefined
						? []
						: [gauge(hostMetrics.cpuPercent, percent)]),
					gauge(hostMetrics.cpus, os.cpus().length),
					gauge(hostMetrics.memoryPercent, (100 * (size - available)) / size),
					gauge(hostMetrics.memorySize, size),
					gauge(hostMetrics.memoryAvailable, available),
					...loadReadings(),
				],
				absent: [
					`disks, network, files and configured processes are read on Linux only, not on ${os.platform()}`,
				],
			};
		},
	};
}

/** In the order of `cpuModes`. */
function cpuTimes(): { readonly seconds: number[] } {
	const sum = (mode: "user" | "nice" | "sys" | "idle" | "irq") =>
		os.cpus().reduce((total, { times }) => total + times[mode] / 1000, 0);
	return {
		seconds: [sum("user"), sum("nice"), sum("sys"), sum("idle"), 0, sum("irq")],
	};
}

function loadReadings() {
	if (os.platform() === "win32") return []; // Windows keeps no load average; Node gives zeros.
	const windows = ["1m", "5m", "15m"];
	return os
		.loadavg()
		.map((load, i) =>
			gauge(hostMetrics.loadAverage, load, { window: windows[i] ?? "" }),
		);
}
