// The thread that trainInThread starts.
import { parentPort, workerData } from "node:worker_threads";
import { predict, trainOnce } from "../../model/training.ts";
import { untrained } from "../../model/two-tower.ts";
import type { Outcome, Task } from "./thread.ts";

/** More of them make the model worse on what it has not seen. */
const rounds = 3;

const { training, heldOut }: Task = workerData;
const model = untrained();
for (let round = 0; round < rounds; round++) trainOnce(model, training);
const outcome: Outcome = { model, predictions: predict(model, heldOut) };
parentPort?.postMessage(outcome);
