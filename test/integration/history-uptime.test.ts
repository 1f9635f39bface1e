import { DatabaseSync } from "node:sqlite";
import { expect } from "vitest";
import type { Entry } from "../../src/history/history.ts";
import { historyTest as test } from "../support/history-folder.ts";

const hour = 3_600_000;
const now = Math.floor(Date.now() / hour) * hour + hour / 2;

function found(state: string, at: number, name = "ml_pipeline/model"): Entry {
	return { at, scope: "integration", name, state };
}

const entries = [
	found("healthy", now - 3 * hour),
	found("degraded", now - 2 * hour),
	found("unhealthy", now - 2 * hour + 1),
	found("unknown", now - 2 * hour + 2),
	found("healthy", now, "data_flows/sync"),
];

test("checks are counted by the hour: healthy and degraded are up, unknown has no say", ({
	place,
}) => {
	const history = place.open();
	for (const entry of entries) history.record(entry);
	history.record({
		at: now,
		scope: "system",
		name: "system",
		state: "healthy",
	});
	expect(history.upCounts(now - 3 * hour)).toEqual(
		new Map([
			["ml_pipeline/model", { up: 2, total: 3 }],
			["data_flows/sync", { up: 1, total: 1 }],
		]),
	);
	expect(history.upCounts(now - 2 * hour).get("ml_pipeline/model")).toEqual({
		up: 1,
		total: 2,
	});
});

test("the counts go on after a restart, and outlast the entries", ({
	place,
}) => {
	place.open().record(found("healthy", now - 48 * hour));
	place.close();
	const history = place.open({ retentionDays: 1 });
	history.record(found("unhealthy", now));
	expect(history.entries("integration", 0)).toHaveLength(1);
	expect(history.upCounts(0).get("ml_pipeline/model")).toEqual({
		up: 1,
		total: 2,
	});
});

test("a file of version 1 is brought up to date, its entries counted", ({
	place,
}) => {
	const older = place.open();
	for (const entry of entries) older.record(entry);
	const counts = older.upCounts(0);
	place.close();
	using database = new DatabaseSync(place.path);
	database.exec("DROP TABLE hour; DROP TABLE fact; PRAGMA user_version = 1");
	database.close();

	const history = place.open();
	expect(history.upCounts(0)).toEqual(counts);
	expect(history.entries("integration", 0)).toHaveLength(entries.length);
	expect(place.warnings).toEqual([]);
});

test("a fact is there after a restart, as it was last kept", ({ place }) => {
	const history = place.open();
	expect(history.recall("heartbeat/sync")).toBeUndefined();
	history.remember("heartbeat/sync", "first");
	history.remember("heartbeat/sync", "second");
	place.close();
	expect(place.open().recall("heartbeat/sync")).toBe("second");
});
