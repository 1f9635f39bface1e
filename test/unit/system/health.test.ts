import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadSettings } from "../../../src/config/load.ts";
import { judgeSystem, type SystemFacts } from "../../../src/system/health.ts";

const { config } = loadSettings({ config: {}, environment: {} });
const limits = config.alert_thresholds;
const nothing: SystemFacts = { disks: [], processes: [], problems: [] };

function judge(facts: Partial<SystemFacts>) {
	const { state, judgements } = judgeSystem({ ...nothing, ...facts }, limits);
	return { state, reasons: judgements.map(({ reason }) => reason) };
}

describe("the system's state", () => {
	test.each([
		[{ cpu: 85 }, "healthy", "cpu is at 85 %"],
		[{ cpu: 85.01 }, "warning", "cpu at 85.01 % is over 85 %"],
		[{ cpu: 90 }, "warning", "cpu at 90 % is over 85 %"],
		[{ cpu: 90.4 }, "critical", "cpu at 90.4 % is over 90 %"],
		[{ memory: 80 }, "healthy", "memory is at 80 %"],
		[{ memory: 81 }, "warning", "memory at 81 % is over 80 %"],
		[{ memory: 96 }, "critical", "memory at 96 % is over 95 %"],
		[{ databaseUp: false }, "critical", "the database does not answer"],
		[{ databaseUp: true }, "healthy", "the database answers"],
	] as const)("%o is %s: %s", (facts, state, reason) => {
		expect(judge(facts)).toEqual({ state, reasons: [reason] });
	});

	test("names the disk that is full, among several", () => {
		const disks = [
			{ mountPoint: "/", percent: 91 },
			{ mountPoint: "/data", percent: 10 },
		];
		expect(judge({ disks })).toEqual({
			state: "warning",
			reasons: ["disk / at 91 % is over 85 %", "disk /data is at 10 %"],
		});
	});

	test("is critical when a configured process does not run", () => {
		const processes = [{ name: "api", up: false }];
		expect(judge({ processes })).toEqual({
			state: "critical",
			reasons: ["process api does not run"],
		});
	});

	test("is a warning when something could not be read", () => {
		expect(judge({ problems: ["disk could not be read"] })).toEqual({
			state: "warning",
			reasons: ["disk could not be read"],
		});
	});

	test("says nothing of a signal that was not read", () => {
		expect(judge({})).toEqual({ state: "healthy", reasons: [] });
	});

	test("is the worst of its signals, and every reason over a limit shows a value over it", () => {
		const percent = fc.double({ min: 0, max: 100, noNaN: true });
		fc.assert(
			fc.property(percent, percent, (cpu, memory) => {
				const { state, judgements } = judgeSystem(
					{ ...nothing, cpu, memory },
					limits,
				);
				const critical = cpu > 90 || memory > 95;
				const warning = cpu > 85 || memory > 80;
				expect(state).toBe(
					critical ? "critical" : warning ? "warning" : "healthy",
				);
				for (const { reason } of judgements) {
					const [, value, limit] =
						/at ([\d.e-]+) % is over (\d+) %/.exec(reason) ?? [];
					if (limit) expect(Number(value)).toBeGreaterThan(Number(limit));
				}
			}),
		);
	});
});
