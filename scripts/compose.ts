// Brings docker-compose.yml up with images that are made here, and prints what it found: npm run test:compose
import { engineObstacle } from "./compose/engine.ts";
import { runStack } from "./compose/run-stack.ts";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.once(signal, () => stop.abort());
}
const obstacle = engineObstacle();
if (obstacle === undefined) {
	try {
		const report = await runStack(stop.signal);
		console.log(JSON.stringify(report, undefined, "\t"));
	} catch (error) {
		if (!stop.signal.aborted) throw error;
		console.error("Stopped; nothing is left of it");
		process.exitCode = 1;
	}
} else {
	console.error(`The stack can't be run here: ${obstacle}`);
	process.exitCode = 1;
}
