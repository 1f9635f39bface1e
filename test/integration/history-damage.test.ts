import {
	lstatSync,
	mkdirSync,
	readFileSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect } from "vitest";
import { entryAt, historyTest as test } from "../support/history-folder.ts";

const now = Date.now();

const damages: readonly {
	name: string;
	damage: (path: string) => void;
	reason: string;
}[] = [
	{
		name: "garbage",
		damage: (path) => writeFileSync(path, "garbage ".repeat(5000)),
		reason: "file is not a database",
	},
	{
		name: "a short text",
		damage: (path) => writeFileSync(path, "hello\n"),
		reason: "file is not a database",
	},
	{
		name: "cut off in the middle",
		damage: (path) => truncateSync(path, statSync(path).size / 2),
		reason: "database disk image is malformed",
	},
	{
		name: "cut off in its first page",
		damage: (path) => truncateSync(path, 1000),
		reason: "database disk image is malformed",
	},
	{
		name: "of a later version",
		damage: (path) => edit(path, "PRAGMA user_version = 7"),
		reason: "its schema has version 7, this program's has 2",
	},
	{
		name: "another program's database",
		damage: (path) => {
			rmSync(path);
			edit(path, "CREATE TABLE recipe (name)");
		},
		reason: "its schema has version 0, this program's has 2",
	},
	{
		name: "without one of its tables",
		damage: (path) => edit(path, "DROP TABLE word"),
		reason: 'it has no table "word"',
	},
	{
		name: "a directory",
		damage: (path) => {
			rmSync(path);
			mkdirSync(path);
		},
		reason: "it is a directory",
	},
];

function edit(path: string, sql: string): void {
	using database = new DatabaseSync(path);
	database.exec(sql);
}

describe("a file that is damaged is set aside, and a new one begun", () => {
	test.for(damages)("$name", ({ damage, reason }, { place }) => {
		place.write(now, 5000);
		damage(place.path);
		const isFile = lstatSync(place.path).isFile();
		const damaged = isFile ? readFileSync(place.path) : undefined;

		const history = place.open();
		history.record(entryAt(now, { state: "critical" }));
		expect(history.entries("system", 0)).toMatchObject([{ state: "critical" }]);
		history.close();
		expect(place.open().entries("system", 0)).toHaveLength(1);

		const [aside, ...more] = place
			.files()
			.filter((name) =>
				/^history\.sqlite\.damaged-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/.test(
					name,
				),
			)
			.map((name) => join(dirname(place.path), name));
		expect(place.warnings).toEqual([
			`the history ${place.path} is damaged (${reason}): it is set aside as ${aside}, and a new one is begun`,
		]);
		expect(more).toEqual([]);
		if (aside && damaged) expect(readFileSync(aside)).toEqual(damaged);
	});

	test("damaged in the middle, which shows only when it is read", ({
		place,
	}) => {
		place.write(now, 5000);
		const content = readFileSync(place.path);
		content.fill(0xff, 20 * 4096, 21 * 4096);
		writeFileSync(place.path, content);

		const history = place.open();
		history.record(entryAt(now + 5000, { state: "critical" }));
		history.entries("system", 0);
		history.record(entryAt(now + 5001, { state: "warning" }));
		expect(history.entries("system", 0)).toMatchObject([{ state: "warning" }]);
		history.close();
		expect(place.open().entries("system", 0)).toHaveLength(1);
		expect(place.warnings).toEqual([
			expect.stringContaining("(database disk image is malformed)"),
		]);
	});
});

describe("the history is kept in memory, and says so once,", () => {
	test.for([
		{ name: "below a file", path: "/dev/null/history.sqlite" },
		{ name: "where no file can be made", path: "/proc/history.sqlite" },
	])("$name", ({ path }, { place }) => {
		const history = place.open({ path });
		history.record(entryAt(now));
		expect(history.entries("system", 0)).toHaveLength(1);
		history.record(entryAt(now + 1));
		expect(history.entries("system", 0)).toHaveLength(2);
		expect(place.warnings).toEqual([
			expect.stringMatching(
				/^the history is kept in memory and ends with this process: \/\w+\/.*history\.sqlite cannot be opened \(.+\)$/,
			),
		]);
	});

	test("while another monitor has the file open", ({ place }) => {
		const first = place.open();
		first.record(entryAt(now));
		const second = place.open();
		second.record(entryAt(now, { state: "critical" }));
		expect(place.warnings).toEqual([
			`the history is kept in memory and ends with this process: ${place.path} cannot be opened (another process has it open)`,
		]);
		expect(first.entries("system", 0)).toMatchObject([{ state: "healthy" }]);
		expect(second.entries("system", 0)).toMatchObject([{ state: "critical" }]);
	});
});
