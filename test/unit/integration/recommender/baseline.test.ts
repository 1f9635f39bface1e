import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmdirSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, describe, expect } from "vitest";
import { ScoreBaseline } from "../../../../src/integration/recommender/baseline.ts";

/** A folder of the test's own for a baseline, and what is told of it. */
class Place {
	readonly folder: string;
	readonly path: string;
	readonly warnings: string[] = [];
	readonly infos: string[] = [];

	constructor(folder: string) {
		this.folder = folder;
		this.path = join(folder, "data", "baseline.json");
	}

	open(query = "SELECT score", path = this.path): ScoreBaseline {
		const log = {
			warn: (message: string) => this.warnings.push(message),
			info: (message: string) => this.infos.push(message),
		};
		return new ScoreBaseline({ path, size: 200, query, log });
	}

	files(): string[] {
		return readdirSync(join(this.folder, "data"));
	}
}

const test = base.extend("place", ({ onTestFinished }) => {
	const folder = mkdtempSync(join(tmpdir(), "baseline-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	return new Place(folder);
});

const scores = (count: number, from = 0) =>
	Array.from({ length: count }, (_, index) => from + index / count);

test("the first scores become the baseline, with which later ones are compared", async ({
	place,
}) => {
	const baseline = place.open();
	expect(await baseline.compare(scores(200))).toEqual({ kind: "begun" });
	expect(await baseline.compare(scores(200))).toEqual({
		kind: "drift",
		index: 0,
	});
	expect(await baseline.compare(scores(200, 0.5))).toMatchObject({
		kind: "drift",
		index: expect.closeTo(4.35, 2),
	});
	expect(place.files()).toEqual(["baseline.json"]);
	expect(place.infos).toEqual([
		`the baseline of the scores is made of 200 of them: ${place.path}`,
	]);
});

test("a baseline is kept through a restart", async ({ place }) => {
	await place.open().compare(scores(200));
	const written = readFileSync(place.path, "utf8");
	const later = await place.open().compare(scores(300));
	expect(later).toMatchObject({ kind: "drift" });
	expect(readFileSync(place.path, "utf8")).toBe(written);
	expect(place.warnings).toEqual([]);
});

test("too few scores make no baseline, and are not compared with one", async ({
	place,
}) => {
	const baseline = place.open();
	expect(await baseline.compare(scores(199))).toEqual({
		kind: "none",
		reason: "are 199, too few for a baseline: 200 are needed",
	});
	expect(await baseline.compare(scores(200))).toEqual({ kind: "begun" });
	for (const count of [0, 99]) {
		expect(await baseline.compare(scores(count))).toEqual({
			kind: "none",
			reason: `are ${count}, too few to be compared: 100 are needed`,
		});
	}
});

test("scores that are all the same make no baseline", async ({ place }) => {
	const same = Array.from({ length: 500 }, () => 0.5);
	expect(await place.open().compare(same)).toEqual({
		kind: "none",
		reason: "are all the same: no baseline can be made",
	});
});

test("a baseline of another query is replaced", async ({ place }) => {
	await place.open().compare(scores(200));
	const other = place.open("SELECT other_score");
	expect(await other.compare(scores(200, 5))).toEqual({ kind: "begun" });
	expect(await other.compare(scores(200, 5))).toEqual({
		kind: "drift",
		index: 0,
	});
	expect(place.infos[1]).toBe(
		`the baseline of the scores, ${place.path}, is that of another query: a new one is begun`,
	);
	expect(place.warnings).toEqual([]);
});

const whole = {
	version: 1,
	createdAt: "2026-01-01T00:00:00.000Z",
	size: 200,
	query: "x",
	edges: [1],
	shares: [0.5, 0.5],
};

describe("a damaged file is set aside with one warning, and a new one begun:", () => {
	test.for([
		["garbage", "garbage"],
		["nothing", ""],
		["cut off", JSON.stringify(whole).slice(0, 60)],
		["other JSON", "[]"],
		["of a later version", JSON.stringify({ ...whole, version: 2 })],
		["with a share too few", JSON.stringify({ ...whole, shares: [1] })],
		["with shares beyond 1", JSON.stringify({ ...whole, shares: [0.9, 0.9] })],
		[
			"with edges that fall",
			JSON.stringify({ ...whole, edges: [2, 1], shares: [0.2, 0.3, 0.5] }),
		],
		["without a date", JSON.stringify({ ...whole, createdAt: "then" })],
	] as const)("%s", async ([, content], { place }) => {
		mkdirSync(join(place.folder, "data"));
		writeFileSync(place.path, content);
		const baseline = place.open();
		expect(await baseline.compare(scores(200))).toEqual({ kind: "begun" });
		expect(await baseline.compare(scores(200))).toMatchObject({ index: 0 });
		const [aside, ...more] = place
			.files()
			.filter((name) => name.startsWith("baseline.json.damaged-"));
		expect(more).toEqual([]);
		expect(readFileSync(join(place.folder, "data", `${aside}`), "utf8")).toBe(
			content,
		);
		expect(place.warnings).toEqual([
			`the baseline of the scores, ${place.path}, is damaged: it is set aside as ${place.path.replace("baseline.json", `${aside}`)}, and a new one is begun`,
		]);
		expect(await place.open().compare(scores(200))).toMatchObject({ index: 0 });
	});
});

describe("where no file can be written, it is kept in memory and told once:", () => {
	test.for([
		["below a file", "/dev/null/baseline.json", "cannot be read (ENOTDIR)"],
		["where none can be made", "/proc/baseline.json", "cannot be written"],
	] as const)("%s", async ([, path, problem], { place }) => {
		const baseline = place.open("SELECT score", path);
		expect(await baseline.compare(scores(200))).toEqual({ kind: "begun" });
		for (const _ of ["first", "second"]) {
			expect(await baseline.compare(scores(200))).toMatchObject({ index: 0 });
		}
		expect(place.warnings).toHaveLength(1);
		expect(place.warnings[0]).toContain(
			`the baseline of the scores, ${path}, ${problem}`,
		);
		expect(place.warnings[0]).toMatch(
			/: it is kept in memory and ends with this process$/,
		);
	});

	test("and it is written as soon as it can be", async ({ place }) => {
		mkdirSync(join(place.folder, "data"));
		// The new file can't be begun.
		mkdirSync(`${place.path}.next`);
		const baseline = place.open();
		expect(await baseline.compare(scores(200))).toEqual({ kind: "begun" });
		await baseline.compare(scores(200));
		expect(place.files()).toEqual(["baseline.json.next"]);
		rmdirSync(`${place.path}.next`);
		await baseline.compare(scores(200));
		expect(place.files()).toEqual(["baseline.json"]);
		expect(place.warnings).toEqual([
			`the baseline of the scores, ${place.path}, cannot be written (EISDIR): it is kept in memory and ends with this process`,
		]);
		expect(await place.open().compare(scores(200))).toMatchObject({ index: 0 });
	});
});

test("a file that cannot be read is not written over", async ({ place }) => {
	mkdirSync(join(place.path, "kept"), { recursive: true });
	const baseline = place.open();
	expect(await baseline.compare(scores(200))).toEqual({ kind: "begun" });
	expect(await baseline.compare(scores(200))).toMatchObject({ index: 0 });
	expect(readdirSync(place.path)).toEqual(["kept"]);
	expect(place.warnings).toEqual([
		`the baseline of the scores, ${place.path}, cannot be read (EISDIR): it is kept in memory and ends with this process`,
	]);
});
