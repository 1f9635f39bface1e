import fc from "fast-check";
import { expect, it } from "vitest";
import { deviceNumber, spaceFrom } from "../../../src/system/disk-space.ts";

const stats = {
	type: 0xef53,
	bsize: 4096,
	frsize: 4096,
	blocks: 1000,
	bfree: 400,
	bavail: 200,
	files: 100,
	ffree: 75,
};

it("reckons as df does: what only root may write is neither used nor available", () => {
	expect(spaceFrom(stats)).toEqual({
		size: 4_096_000,
		available: 819_200,
		usedPercent: 75,
		inodesUsedPercent: 25,
	});
});

it("counts blocks in fragments where a file system reads in larger ones", () => {
	expect(spaceFrom({ ...stats, bsize: 1_048_576 }).size).toBe(4_096_000);
});

it("leaves out what a file system does not have", () => {
	const empty = {
		...stats,
		blocks: 0,
		bfree: 0,
		bavail: 0,
		files: 0,
		ffree: 0,
	};
	expect(spaceFrom(empty)).toMatchObject({
		usedPercent: undefined,
		inodesUsedPercent: undefined,
	});
});

it("gives a share from 0 to 100 for whatever a file system can say", () => {
	const sizes = fc.tuple(fc.nat(), fc.nat(), fc.nat()).map(([a, b, c]) => {
		const [bavail = 0, bfree = 0, blocks = 0] = [a, b, c].sort((x, y) => x - y);
		return { ...stats, blocks, bfree, bavail };
	});
	fc.assert(
		fc.property(sizes, (said) => {
			const { usedPercent = 0 } = spaceFrom(said);
			expect(usedPercent).toBeGreaterThanOrEqual(0);
			expect(usedPercent).toBeLessThanOrEqual(100);
		}),
	);
});

it("numbers devices as stat(2) does", () => {
	expect(deviceNumber("8:1")).toBe(0x801);
	expect(deviceNumber("254:0")).toBe(0xfe00);
	expect(deviceNumber("0:300")).toBe(0x10002c);
});
