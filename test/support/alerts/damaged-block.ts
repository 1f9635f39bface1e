import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestStack } from "../stack.ts";

const ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const hour = 3_600_000;

/** A block among Prometheus' data that has lost all but its description, as a bad disk or half a backup leaves it. */
export class DamagedBlock {
	readonly #path: string;

	constructor(stack: TestStack) {
		this.#path = stack.path("prometheus", ulid);
	}

	add(): void {
		const description = {
			version: 1,
			ulid,
			minTime: Date.now() - 4 * hour,
			maxTime: Date.now() - 2 * hour,
			stats: { numSamples: 1, numSeries: 1, numChunks: 1 },
			compaction: { level: 1, sources: [ulid] },
		};
		mkdirSync(this.#path);
		const file = join(this.#path, "meta.json");
		writeFileSync(file, JSON.stringify(description));
	}

	remove(): void {
		rmSync(this.#path, { recursive: true });
	}
}
