import { describe, expect, it } from "vitest";
import {
	busyPercent,
	cpuTimeSpent,
	parseCpuTime,
} from "../../../src/system/cpu-time.ts";
import { procText } from "../../fixtures/proc/machine.ts";

const stat = procText("debian-host", "stat");

describe("CPU time", () => {
	it("is the kernel's ticks in seconds, and leaves out guest time, which user and nice hold already", () => {
		expect(parseCpuTime(stat)).toEqual({
			seconds: [2000, 30, 500, 8000, 70, 0, 20, 5],
			cpus: 2,
		});
	});

	it("is of the allowed CPUs alone where they are given", () => {
		expect(parseCpuTime(stat, new Set([1]))).toEqual({
			seconds: [1000, 15, 250, 4000, 35, 0, 10, 2.5],
			cpus: 1,
		});
	});

	it("is read from an old kernel that knows no guests", () => {
		expect(parseCpuTime(procText("linux-3.10", "stat")).seconds).toEqual([
			1, 0, 1, 8, 0, 0, 0, 0,
		]);
	});

	it("is refused if columns are missing", () => {
		expect(() => parseCpuTime("cpu  1 2 3 4\n")).toThrow("/proc/stat");
		expect(() => parseCpuTime("")).toThrow("/proc/stat");
	});

	it("does not go back when the kernel's iowait does", () => {
		const before = { seconds: [10, 0, 0, 100, 5, 0, 0, 0] };
		const now = { seconds: [11, 0, 0, 102, 4.9, 0, 0, 0] };
		expect(cpuTimeSpent(before, now)).toEqual([1, 0, 0, 2, 0, 0, 0, 0]);
	});
});

describe("the busy share", () => {
	it("counts waiting for a disk as idle and stolen time as busy", () => {
		expect(busyPercent([10, 5, 5, 40, 20, 5, 5, 10])).toBe(40);
	});

	it("is not known if no time was spent, as under gVisor, which keeps zeros", () => {
		expect(busyPercent([0, 0, 0, 0, 0, 0, 0, 0])).toBeUndefined();
	});
});
