import { rmSync, writeFileSync } from "node:fs";
import type { TestStack } from "../stack.ts";

const rule = `groups:
  - name: of_a_user
    rules:
      - record: up_of_up
        expr: up / on () up
`;

/** A rule among Prometheus' own that joins many series with many. */
export class FailingRule {
	readonly #stack: TestStack;
	readonly #file: string;

	constructor(stack: TestStack) {
		this.#stack = stack;
		this.#file = stack.path("rules", "user.yaml");
	}

	add(): void {
		writeFileSync(this.#file, rule);
		this.#reload();
	}

	remove(): void {
		rmSync(this.#file);
		this.#reload();
	}

	/** Has Prometheus read its files again. */
	#reload(): void {
		const { pid } = this.#stack.programs.prometheus;
		if (pid !== undefined) process.kill(pid, "SIGHUP");
	}
}
