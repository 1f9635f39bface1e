import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProcessCpu } from "../../../src/system/process-cpu.ts";

const process = (pid: string, started: number, cpu: number) => ({
	pid,
	started,
	cpu,
	memory: 0,
});

describe("the CPU time of a changing set of processes", () => {
	it("begins at zero, whatever was used before", () => {
		const meter = new ProcessCpu(100);
		expect(meter.look([process("1", 5, 1000)])).toBe(0);
		expect(meter.look([process("1", 5, 1002)])).toBe(2);
	});

	it("does not fall when a process ends", () => {
		const meter = new ProcessCpu(100);
		meter.look([process("1", 5, 10), process("2", 6, 10)]);
		meter.look([process("1", 5, 11), process("2", 6, 15)]);
		expect(meter.look([process("1", 5, 12)])).toBe(7);
		expect(meter.look([])).toBe(7);
	});

	it("counts all of a process that was started since", () => {
		const meter = new ProcessCpu(100);
		meter.look([]);
		expect(meter.look([process("1", 101, 3)])).toBe(3);
	});

	it("counts an older one that matches only now from this look on", () => {
		const meter = new ProcessCpu(100);
		meter.look([]);
		expect(meter.look([process("1", 99, 3000)])).toBe(0);
		expect(meter.look([process("1", 99, 3001)])).toBe(1);
	});

	it("takes a pid that was given anew for another process", () => {
		const meter = new ProcessCpu(100);
		meter.look([process("1", 5, 10)]);
		expect(meter.look([process("1", 200, 4)])).toBe(4);
	});

	it("never goes back, whatever comes and goes", () => {
		const set = fc.array(
			fc.record({
				pid: fc.constantFrom("1", "2", "3"),
				started: fc.integer({ min: 90, max: 110 }),
				cpu: fc.nat(1000),
				memory: fc.constant(0),
			}),
			{ maxLength: 4 },
		);
		fc.assert(
			fc.property(fc.array(set), (looks) => {
				const meter = new ProcessCpu(100);
				let last = 0;
				for (const look of looks) {
					const total = meter.look(look);
					expect(total).toBeGreaterThanOrEqual(last);
					last = total;
				}
			}),
		);
	});
});
