import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { leash } from "../../../scripts/stack/part.ts";
import { cleanEnvironment } from "../monitor-process.ts";
import type { AlertingStack } from "./alerting-stack.ts";

const isolates = fileURLToPath(
	new URL("../stack/isolates.ts", import.meta.url),
);

/** An isolate of an edge function that is asked every few seconds, and sends what its library counts by the edge's door. */
export class EdgeFunction {
	readonly #child: ChildProcess;

	constructor({ environment, stack }: AlertingStack) {
		const node = process.execPath;
		const [program = node, ...args] = [...leash, node, isolates, "1"];
		const child = spawn(program, args, {
			env: {
				...cleanEnvironment(),
				...environment,
				LOG_LEVEL: "error",
				OTEL_EXPORTER_OTLP_ENDPOINT: stack.urls.edgeOtlp,
				OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${stack.programs.edgeToken}`,
			},
			stdio: ["pipe", "pipe", "ignore"],
		});
		// It says when it is there, and after each request: then the next one comes.
		createInterface(child.stdout).on("line", () => child.stdin.write("1\n"));
		child.stdin.on("error", () => {});
		this.#child = child;
	}

	async end(): Promise<void> {
		this.#child.kill("SIGKILL");
		await once(this.#child, "exit");
	}
}
