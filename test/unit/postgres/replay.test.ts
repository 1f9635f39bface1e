import { describe, expect, test } from "vitest";
import { Replay } from "../../../src/system/postgres/replay.ts";

type Round = readonly [replayed: number, end: number | null, at: number];

/** What each of these rounds says. */
function told(...rounds: readonly Round[]): (number | undefined)[] {
	const replay = new Replay();
	return rounds.map((round) => replay.behind(...round));
}

describe("how long a standby has lacked something", () => {
	test("is nothing while it has all", () => {
		expect(told([10, 10, 0], [10, 10, 15], [30, 30, 3600])).toEqual([0, 0, 0]);
	});

	test("can't be told before it had all once", () => {
		expect(told([10, 20, 0], [15, 30, 15])).toEqual([undefined, undefined]);
		expect(told([10, null, 0], [10, null, 15])).toEqual([undefined, undefined]);
	});

	test("counts from when it last had all, however long nothing was written before", () => {
		const idle: Round[] = [
			[10, 10, 0],
			[10, 10, 3600],
		];
		expect(told(...idle, [10, 20, 3615], [15, 30, 3630])).toEqual([
			0, 0, 15, 30,
		]);
	});

	test("goes on while the primary is away, and ends with it", () => {
		expect(told([10, 10, 0], [10, null, 15], [10, null, 30])).toEqual([
			0, 15, 30,
		]);
		expect(told([10, 10, 0], [10, null, 15], [40, 40, 30])).toEqual([0, 15, 0]);
	});

	test("stays short where there is always a little more to come", () => {
		expect(told([10, 20, 0], [20, 30, 15], [30, 40, 30], [40, 50, 45])).toEqual(
			[undefined, 15, 15, 15],
		);
	});

	test("is as long as what was there then takes to be replayed", () => {
		expect(
			told([10, 10, 0], [10, 50, 15], [20, 90, 30], [50, 120, 300]),
		).toEqual([0, 15, 30, 285]);
	});

	test("begins anew where another server answers, which has replayed less", () => {
		expect(told([50, 50, 0], [10, 60, 15], [60, 60, 30])).toEqual([
			0,
			undefined,
			0,
		]);
	});
});
