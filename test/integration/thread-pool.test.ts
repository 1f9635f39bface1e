import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const pool = new URL("../../src/thread-pool.ts", import.meta.url);

/** Whether a file can be looked at while twenty others, like names that no server resolves, keep a thread each. */
function isFree(preparation: string): boolean {
	const folder = mkdtempSync(join(tmpdir(), "thread-pool-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const names = Array.from({ length: 20 }, (_, index) =>
		join(folder, `${index}`),
	);
	execFileSync("mkfifo", names);
	const program = `
		${preparation}
		const { open, stat, writeSync } = await import("node:fs");
		for (const name of ${JSON.stringify(names)}) open(name, "r", () => {});
		const end = (word) => {
			writeSync(1, word);
			process.kill(process.pid, "SIGKILL");
		};
		stat("/", () => end("free"));
		setTimeout(() => end("stuck"), 2000);
	`;
	const { stdout } = spawnSync(
		process.execPath,
		["--input-type=module", "--eval", program],
		{ encoding: "utf8", env: {} },
	);
	return stdout === "free";
}

test("names that no server resolves hold up no other ones", () => {
	expect(isFree(`import ${JSON.stringify(pool)};`)).toBe(true);
	expect(isFree("")).toBe(false);
});
