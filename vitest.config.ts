import { defineConfig } from "vitest/config";

/** They tell whether nothing else goes wrong, which a machine that is busy with other tests would bring about. */
const alone = [
	"test/edge/collector-faults.test.ts",
	"test/edge/isolates.test.ts",
	"test/e2e/alerts/one-cause.test.ts",
	"test/e2e/alerts/rolling-restart.test.ts",
	"test/e2e/monitored-demo.test.ts",
];

export default defineConfig({
	test: {
		testTimeout: 30_000,
		hookTimeout: 60_000,
		// Concurrent tests wait for things of the outside: all of a file can do so at once.
		maxConcurrency: 50,
		// A machine that is busy is no failure.
		expect: { poll: { timeout: 20_000 } },
		projects: [
			{
				extends: true,
				test: {
					name: "two at a time",
					include: ["test/**/*.test.ts"],
					exclude: alone,
					// Most of them wait for most of the time: two take half as long, even on two cores.
					maxWorkers: 2,
					sequence: { groupOrder: 0 },
				},
			},
			{
				extends: true,
				test: {
					name: "alone",
					include: alone,
					maxWorkers: 1,
					sequence: { groupOrder: 1 },
				},
			},
		],
	},
});
