import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "vitest";
import type { Entry } from "../../src/history/history.ts";
import { entryAt, historyTest as test } from "../support/history-folder.ts";

const entry: Entry = {
	at: Date.now(),
	scope: "integration",
	name: "backend_services/data_sync",
	state: "unhealthy",
	reason: "no answer within 5 s",
	traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
	durationMs: 5000.123,
};

/** Arguments for a Node that records an entry and then does `rest`. */
function recorder(path: string, rest = ""): string[] {
	const module = new URL("../../src/history/history.ts", import.meta.url);
	const program = `
		import { openHistory } from ${JSON.stringify(module)};
		const path = ${JSON.stringify(path)};
		const history = openHistory({ path, retentionDays: 30, log: console });
		history.record(${JSON.stringify(entry)});
		${rest}
	`;
	return ["--input-type=module", "--eval", program];
}

test("an entry is there at once, and after a restart", ({ place }) => {
	const history = place.open();
	history.record(entry);
	expect(history.entries("integration", 0)).toEqual([entry]);
	history.close();
	expect(place.open().entries("integration", 0)).toEqual([entry]);
	expect(place.warnings).toEqual([]);
});

test("the folder of the file is made", ({ place }) => {
	const path = place.path.replace("history.sqlite", "a/b/history.sqlite");
	place.open({ path }).record(entry);
	place.close();
	expect(place.open({ path }).entries("integration", 0)).toEqual([entry]);
});

test("what was recorded over a second before a SIGKILL is there", async ({
	place,
}) => {
	const child = spawn(
		process.execPath,
		recorder(place.path, "setTimeout(() => console.log('recorded'), 1500);"),
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	await once(child.stdout, "data");
	child.kill("SIGKILL");
	await once(child, "exit");
	expect(place.open().entries("integration", 0)).toEqual([entry]);
	expect(place.warnings).toEqual([]);
});

test("an open history keeps no process alive", ({ place }) => {
	const { status, stderr } = spawnSync(process.execPath, recorder(place.path), {
		encoding: "utf8",
		timeout: 20_000,
	});
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("after closing, nothing is open, and the file alone is left", ({
	place,
}) => {
	const history = place.open();
	history.record(entry);
	history.close();
	history.close();
	expect(place.files()).toEqual(["history.sqlite"]);
	expect(openFilesIn(dirname(place.path))).toEqual([]);
	history.record(entry);
	expect(history.entries("integration", 0)).toEqual([]);
});

/** Files in a folder that this process has open; none where the system doesn't tell. */
function openFilesIn(folder: string): string[] {
	if (process.platform !== "linux") return [];
	return readdirSync("/proc/self/fd")
		.flatMap((fd) => {
			try {
				return [readlinkSync(`/proc/self/fd/${fd}`)];
			} catch {
				return [];
			}
		})
		.filter((file) => file.startsWith(folder));
}

test("an entry without a whole number of ms is refused where it is recorded", ({
	place,
}) => {
	const history = place.open();
	expect(() => history.record(entryAt(Number.NaN))).toThrow(
		"an entry's time is NaN: it takes a whole number of ms",
	);
});
