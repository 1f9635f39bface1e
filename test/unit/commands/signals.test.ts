import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const signals = new URL("../../../src/commands/signals.ts", import.meta.url);

/** Gets a signal at each of these milliseconds, while its end takes for ever, and says so before each. */
const program = `
import { onSignal } from "${signals}";
let now = 0;
performance.now = () => now;
onSignal({ info() {} }, () => new Promise(() => {}));
for (now of [0, 500, 1900, 2100, 2200]) {
	console.log(now);
	process.emit("SIGINT");
}`;

test("a signal that npm passes on within 2 s is the same one; a later one ends the process at once", () => {
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		["--input-type=module", "--eval", program],
		{ encoding: "utf8" },
	);
	expect(stderr).toBe("");
	expect(stdout.trim().split("\n")).toEqual(["0", "500", "1900", "2100"]);
	expect(status).toBe(1);
});
