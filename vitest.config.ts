import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		testTimeout: 30_000,
		hookTimeout: 60_000,
		// Concurrent tests wait for things of the outside: all of a file can do so at once.
		maxConcurrency: 50,
		// A machine that is busy is no failure.
		expect: { poll: { timeout: 20_000 } },
	},
});
