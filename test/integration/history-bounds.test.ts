import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import {
	entryAt,
	flush,
	historyTest as test,
} from "../support/history-folder.ts";

const now = Date.now();

test("the files stay under the bound at every moment, with the newest entries in them", ({
	place,
}) => {
	const maxBytes = 2_000_000;
	const total = 100_000;
	const history = place.open({ maxBytes });
	let largest = 0;
	for (let i = 0; i < total; i += 1) {
		history.record(
			entryAt(now + i, {
				reason: `reason ${i % 5000}`,
				traceId: i.toString(16).padStart(32, "0"),
				durationMs: i / 10,
			}),
		);
		if (i % 500 === 0) {
			flush(history);
			largest = Math.max(largest, place.size());
		}
	}
	history.close();
	largest = Math.max(largest, place.size());
	expect(largest).toBeLessThanOrEqual(maxBytes);
	expect(largest).toBeGreaterThan(maxBytes / 2);

	const times = place
		.open({ maxBytes })
		.entries("system", 0)
		.map(({ at }) => at);
	expect(times.at(-1)).toBe(now + total - 1);
	expect(times.length).toBe(now + total - (times[0] ?? 0));
	expect(place.warnings).toEqual([]);
});

test("a file over a bound that was lowered is under it once it was opened", ({
	place,
}) => {
	place.write(now, 90_000);
	expect(place.size()).toBeGreaterThan(1_500_000);
	place.open({ maxBytes: 1_500_000 }).close();
	expect(place.size()).toBeLessThanOrEqual(1_500_000);
	expect(place.open().entries("system", 0).at(-1)?.at).toBe(now + 89_999);
});

test("what is older than the retention is neither given nor kept", ({
	place,
}) => {
	const day = 86_400_000;
	const history = place.open({ retentionDays: 1 });
	for (let i = 0; i < 3000; i += 1) {
		history.record(entryAt(now - 2 * day + i));
	}
	history.record(entryAt(now));
	expect(history.entries("system", 0)).toMatchObject([{ at: now }]);
	for (let i = 0; i < 5; i += 1) {
		history.record(entryAt(now));
		flush(history);
	}
	history.close();
	expect(place.open().entries("system", 0)).toMatchObject([{ at: now }]);
});

test("what is too old by a retention that was lowered is not given from the first moment", ({
	place,
}) => {
	place.write(now - 2 * 86_400_000, 5000);
	expect(place.open({ retentionDays: 1 }).entries("system", 0)).toEqual([]);
});

test("on a full disk entries wait in memory, and are written when there is room again", ({
	place,
	skip,
}) => {
	const disk = join(dirname(place.path), "disk");
	if (!mountSmallDisk(disk)) skip("this process may not mount a file system");
	const filler = join(disk, "filler");
	const path = join(disk, "history.sqlite");

	const history = place.open({ path });
	writeFileSync(filler, Buffer.alloc(700_000));
	for (let i = 0; i < 9000; i += 1) {
		history.record(entryAt(now + i, { reason: `reason ${i}` }));
		if (i % 1000 === 0) flush(history);
	}
	expect(history.entries("system", 0)).toHaveLength(9000);
	expect(place.warnings).toEqual([
		`the history ${path} cannot be written: database or disk is full`,
	]);
	expect(place.infos).toEqual([]);

	rmSync(filler);
	expect(history.entries("system", 0)).toHaveLength(9000);
	expect(place.infos).toEqual([`the history ${path} is written again`]);
	history.close();
	expect(place.open({ path }).entries("system", 0)).toHaveLength(9000);
	place.close();
});

/** Mounts a file system of 1 MB until the test's end; whether that was allowed. */
function mountSmallDisk(folder: string): boolean {
	if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
	mkdirSync(folder);
	const args = ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder];
	if (spawnSync("mount", args).status !== 0) return false;
	onTestFinished(() => {
		spawnSync("umount", ["-l", folder]);
	});
	return true;
}
