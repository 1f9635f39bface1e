import type { Metric } from "./metric.ts";

/** What is read of the machine itself. */
export const hostMetrics = {
	cpuPercent: {
		name: "system_cpu_percent",
		kind: "gauge",
		unit: "%",
		help: "Share of the CPU time available to this machine or container that was used since the last collection",
	},
	memoryPercent: {
		name: "system_memory_percent",
		kind: "gauge",
		unit: "%",
		help: "Share of the memory that is not available to a new program (by MemAvailable, or by the container's limit)",
	},
	diskPercent: {
		name: "system_disk_percent",
		kind: "gauge",
		unit: "%",
		help: "How full the fullest file system is, as df reports it",
	},
} satisfies Record<string, Metric>;
