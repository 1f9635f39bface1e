import { expect, test } from "vitest";
import type { Entry, UpCount } from "../../../src/history/history.ts";
import { Uptime } from "../../../src/integration/uptime.ts";

const hour = 3_600_000;
const start = 1_800_000_000_000 - (1_800_000_000_000 % hour);
const name = "backend_services/data_sync";

/** A history that only counts. */
class Counting {
	readonly kept: Entry[] = [];

	add(state: string, at: number): void {
		this.kept.push({ at, scope: "integration", name, state });
	}

	entries(_scope: string, since: number): Entry[] {
		return this.kept.filter(({ at }) => at >= since);
	}

	upCounts(since: number): Map<string, UpCount> {
		const counted = this.kept.filter(
			({ at, state }) => at >= since - (since % hour) && state !== "unknown",
		);
		const up = counted.filter(({ state }) => state !== "unhealthy").length;
		return new Map(
			counted.length > 0 ? [[name, { up, total: counted.length }]] : [],
		);
	}
}

function percents(uptime: Uptime, now: number): Record<string, number> {
	const readings = uptime.readings("backend_services", "data_sync", now);
	return Object.fromEntries(
		readings.map(({ labels, value }) => [labels.window, value]),
	);
}

test("a component that was never checked has no uptime", () => {
	expect(percents(new Uptime(new Counting(), start), start)).toEqual({});
});

test("uptime is the share of checks that found it healthy or degraded, in each window", () => {
	const history = new Counting();
	history.add("unhealthy", start - 200 * hour);
	history.add("unhealthy", start - 30 * hour);
	history.add("healthy", start - 2 * hour);
	history.add("degraded", start - hour / 2);
	history.add("unhealthy", start - hour / 2 + 1);
	history.add("unknown", start - hour / 2 + 2);
	expect(percents(new Uptime(history, start), start)).toEqual({
		"1h": 50,
		"24h": (100 * 2) / 3,
		"7d": 50,
		"30d": 40,
	});
});

test("what is added counts once, through the change of the hour and after a restart", () => {
	const history = new Counting();
	const uptime = new Uptime(history, start);
	const check = (state: string, at: number) => {
		history.add(state, at);
		uptime.add(name, state, at);
	};
	check("unhealthy", start + 1);
	check("healthy", start + hour / 2);
	expect(percents(uptime, start + hour / 2)).toMatchObject({
		"1h": 50,
		"24h": 50,
	});
	check("healthy", start + hour + 2);
	const later = start + hour + 3;
	expect(percents(uptime, later)).toEqual(
		percents(new Uptime(history, later), later),
	);
	expect(percents(uptime, later)).toMatchObject({
		"1h": 100,
		"24h": (100 * 2) / 3,
	});
});
