import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stableInstanceId } from "../../src/telemetry/instance-id.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "instance-id-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const uuidV4 =
	/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

test("the first start makes an id, and later ones have the same", () => {
	const first = stableInstanceId(join(folder, "data"));
	expect(first).toEqual({ id: expect.stringMatching(uuidV4), kept: true });
	expect(stableInstanceId(join(folder, "data"))).toEqual(first);
	expect(readdirSync(join(folder, "data"))).toEqual(["instance-id"]);
});

test("only the owner reads the file", () => {
	stableInstanceId(folder);
	expect(statSync(join(folder, "instance-id")).mode & 0o777).toBe(0o600);
});

test("two folders have two ids", () => {
	const first = stableInstanceId(join(folder, "a"));
	expect(stableInstanceId(join(folder, "b")).id).not.toBe(first.id);
});

test.each([
	["empty", ""],
	["cut off", "8c6f1d0e-3b52-4f"],
	["an id of another kind", "8c6f1d0e-3b52-1f7a-9c1d-2a4b6c8d0e1f"],
	["something else", "\u0000\uffff garbage\n".repeat(100)],
])("a file that is %s is replaced", (_, content) => {
	writeFileSync(join(folder, "instance-id"), content);
	const { id, kept } = stableInstanceId(folder);
	expect(id).toMatch(uuidV4);
	expect(kept).toBe(true);
	expect(readFileSync(join(folder, "instance-id"), "utf8").trim()).toBe(id);
});

test("a file that can't be read is replaced", () => {
	symlinkSync("instance-id", join(folder, "instance-id")); // It leads to itself.
	const { id, kept } = stableInstanceId(folder);
	expect(kept).toBe(true);
	expect(stableInstanceId(folder).id).toBe(id);
});

test("without a folder that can be written each start has an id of its own, and says so", () => {
	writeFileSync(join(folder, "file"), "");
	mkdirSync(join(folder, "taken", "instance-id"), { recursive: true });
	for (const place of [
		"/dev/null",
		join(folder, "file"),
		join(folder, "file", "data"),
		join(folder, "taken"),
	]) {
		const first = stableInstanceId(place);
		const second = stableInstanceId(place);
		expect([first.kept, second.kept]).toEqual([false, false]);
		expect(first.id).toMatch(uuidV4);
		expect(second.id).not.toBe(first.id);
	}
	expect(readdirSync(join(folder, "taken"))).toEqual(["instance-id"]);
});
