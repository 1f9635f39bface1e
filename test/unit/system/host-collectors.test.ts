import { describe, expect, it } from "vitest";
import type { Collector } from "../../../src/collection/collector.ts";
import type { HostPaths } from "../../../src/config/host-paths.ts";
import { hostMetrics } from "../../../src/metrics/host.ts";
import type { Metric, Reading } from "../../../src/metrics/metric.ts";
import { createHostCollectors } from "../../../src/system/host-collectors.ts";
import { machine } from "../../fixtures/proc/machine.ts";

const boot = 1_700_000_000_000;

async function collect(
	paths: HostPaths,
	name: string,
	processes: Record<string, string> = {},
) {
	const collectors = createHostCollectors({ paths, processes });
	try {
		return await named(collectors, name).collect(new AbortController().signal);
	} finally {
		for (const collector of collectors) await collector.close?.();
	}
}

function named(collectors: Collector[], name: string): Collector {
	const found = collectors.find((collector) => collector.name === name);
	if (found === undefined) throw new Error(`no collector is named ${name}`);
	return found;
}

/** Values of a metric, by what its labels say. */
function values(readings: readonly Reading[], metric: Metric) {
	return Object.fromEntries(
		readings
			.filter((reading) => reading.metric === metric)
			.map(({ labels, value }) => [Object.values(labels).join(" "), value]),
	);
}

describe.runIf(process.platform === "linux")("on a Debian host", () => {
	const host = machine("debian-host");

	it("memory in use is what is not available, not what is not free", async () => {
		const { readings } = await collect(host, "memory");
		expect(values(readings, hostMetrics.memoryPercent)).toEqual({ "": 75 });
		expect(values(readings, hostMetrics.memorySize)).toEqual({
			"": 16_000_000 * 1024,
		});
		expect(values(readings, hostMetrics.memoryAvailable)).toEqual({
			"": 4_000_000 * 1024,
		});
		expect(values(readings, hostMetrics.swapUsed)).toEqual({
			"": 500_000 * 1024,
		});
		expect(values(readings, hostMetrics.oomKills)).toEqual({ "": 7 });
	});

	it("CPU time by mode has stood at zero at boot", async () => {
		const { readings } = await collect(host, "cpu");
		expect(values(readings, hostMetrics.cpuSeconds)).toMatchObject({
			user: 2000,
			idle: 8000,
			steal: 5,
		});
		const counters = readings.filter(({ metric }) => metric.kind === "counter");
		expect(new Set(counters.map(({ since }) => since))).toEqual(
			new Set([boot]),
		);
	});

	it("a share of CPU time is absent when no time has passed", async () => {
		const { readings } = await collect(host, "cpu");
		expect(values(readings, hostMetrics.cpuPercent)).toEqual({});
		expect(values(readings, hostMetrics.cpus)).toEqual({ "": 2 });
	});

	it("pressure is in seconds, and full pressure of the CPU, which means nothing, is left out", async () => {
		const { readings } = await collect(host, "pressure");
		expect(values(readings, hostMetrics.pressureWaiting)).toEqual({
			cpu: 18.112181,
			memory: 2.5,
			io: 5.306746,
		});
		expect(values(readings, hostMetrics.pressureStalled)).toEqual({
			memory: 1,
			io: 4.676185,
		});
	});

	it("disk traffic is that of whole disks, once", async () => {
		const { readings } = await collect(host, "diskio");
		expect(values(readings, hostMetrics.diskBytes)).toEqual({
			"sda read": 4_547_490 * 512,
			"sda write": 4_779_472 * 512,
			"nvme0n1 read": 2000 * 512,
			"nvme0n1 write": 4000 * 512,
			"cciss/c0d0 read": 8 * 512,
			"cciss/c0d0 write": 8 * 512,
		});
		expect(values(readings, hostMetrics.diskBusy)).toMatchObject({
			sda: 9.048,
			nvme0n1: 1.5,
		});
	});

	it("network traffic is that of interfaces which lead out of the machine", async () => {
		const { readings } = await collect(host, "network");
		expect(values(readings, hostMetrics.networkBytes)).toEqual({
			"eth0 receive": 528_626_343,
			"eth0 transmit": 1_008_997,
			"wg0 receive": 1000,
			"wg0 transmit": 2000,
			"bond0.100 receive": 7,
			"bond0.100 transmit": 9,
		});
		expect(values(readings, hostMetrics.networkErrors)).toMatchObject({
			"eth0 receive": 3,
			"eth0 transmit": 1,
		});
		expect(values(readings, hostMetrics.networkDropped)).toMatchObject({
			"eth0 receive": 5,
			"eth0 transmit": 2,
		});
	});

	it("load, boot time and open files are as they are written", async () => {
		const load = await collect(host, "load");
		expect(values(load.readings, hostMetrics.loadAverage)).toEqual({
			"1m": 0.52,
			"5m": 0.58,
			"15m": 1.59,
		});
		expect(values(load.readings, hostMetrics.bootTime)).toEqual({
			"": boot / 1000,
		});
		const files = await collect(host, "files");
		expect(values(files.readings, hostMetrics.openFiles)).toEqual({ "": 9376 });
	});

	it("a configured process is found by its command line; kernel threads and zombies have none", async () => {
		const { readings } = await collect(host, "processes", {
			api: "server\\.js --port \\d+",
			first: "8002$",
			kernel: "kthreadd|^$",
			gone: "no such program",
		});
		expect(values(readings, hostMetrics.processUp)).toEqual({
			api: 1,
			first: 1,
			kernel: 0,
			gone: 0,
		});
		expect(values(readings, hostMetrics.processInstances)).toMatchObject({
			api: 2,
			first: 1,
		});
		expect(values(readings, hostMetrics.processMemory)).toEqual({
			api: 200_000 * 1024,
			first: 80_000 * 1024,
		});
		expect(values(readings, hostMetrics.processStart)).toEqual({
			api: boot / 1000 + 200,
			first: boot / 1000 + 300,
		});
		expect(values(readings, hostMetrics.tasksRunning)).toEqual({ "": 3 });
		expect(values(readings, hostMetrics.tasksBlocked)).toEqual({ "": 1 });
	});

	it("file systems that are not there are named, with what HOST_ROOT must be", async () => {
		const { absent = [], problems } = await collect(host, "disk");
		expect(problems).toEqual([]);
		expect(absent.find((line) => line.startsWith("/exports "))).toContain(
			"HOST_ROOT must be where the host's / is mounted",
		);
	});
});

describe.runIf(process.platform === "linux")("on an old kernel", () => {
	const old = machine("linux-3.10");

	it("memory in use is absent, and said to be, rather than guessed from what is free", async () => {
		const { readings, absent } = await collect(old, "memory");
		expect(values(readings, hostMetrics.memoryPercent)).toEqual({});
		expect(values(readings, hostMetrics.oomKills)).toEqual({});
		expect(absent).toEqual([expect.stringContaining("MemAvailable")]);
	});

	it("pressure that is not kept is absent", async () => {
		const { readings, absent } = await collect(old, "pressure");
		expect(readings).toEqual([]);
		expect(absent).toEqual([expect.stringContaining("CONFIG_PSI")]);
	});

	it("disks that cannot be told from partitions are absent", async () => {
		const { readings, absent } = await collect(old, "diskio");
		expect(readings).toEqual([]);
		expect(absent).toEqual([expect.stringContaining("sys/block")]);
	});
});

it.runIf(process.platform === "linux")(
	"a HOST_PROC that is none is named in the error",
	async () => {
		const paths = { proc: "/nowhere", sys: "/sys", root: "/" };
		for (const name of ["cpu", "memory", "load", "network", "processes"]) {
			await expect(collect(paths, name)).rejects.toThrow(
				/^\/nowhere\/.* cannot be read \(ENOENT\); HOST_PROC must be/,
			);
		}
	},
);

describe("the catalogue of host metrics", () => {
	const all: Metric[] = Object.values(hostMetrics);

	it("has names as promtool wants them: base units, _total for counters and for them alone", () => {
		for (const { name, kind, unit } of all) {
			expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
			expect(name.endsWith("_total")).toBe(kind === "counter");
			expect(name).not.toMatch(/_(count|sum|bucket|info|ms|ns|us|s|b|kb|mb)$/);
			const word = { s: "seconds", By: "bytes", "%": "percent" }[unit];
			if (word) expect(name.replace(/_total$/, "")).toMatch(`_${word}`);
		}
	});

	it("says what each counts in one sentence with no full stop", () => {
		for (const { help } of all) expect(help).toMatch(/^[A-Z0-9].*[^.]$/);
	});

	it("has no name twice", () => {
		expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
	});
});
