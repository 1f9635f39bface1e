import { Worker } from "node:worker_threads";
import type { Example } from "../../model/training.ts";
import type { TwoTower } from "../../model/two-tower.ts";

/** What goes into the thread … */
export interface Task {
	readonly training: readonly Example[];
	readonly heldOut: readonly Example[];
}

/** … and what comes out of it. */
export interface Outcome {
	readonly model: TwoTower;
	/** For each held-out example, how likely it is that it was liked. */
	readonly predictions: readonly number[];
}

/** Trains in a thread of its own, so that this one goes on answering. */
export function trainInThread(task: Task): Promise<Outcome> {
	const entry = new URL("training-thread.ts", import.meta.url);
	const worker = new Worker(entry, { workerData: task });
	return new Promise((resolve, reject) => {
		worker.once("message", resolve);
		worker.once("error", reject);
		worker.once("exit", (code) =>
			reject(new Error(`the training thread ended without a model (${code})`)),
		);
	});
}
