// What `npm start` runs: the monitor and, where no configuration is given, this demo for it to watch.
import "../src/thread-pool.ts";
import "../src/young-generation.ts";
import type { StartDemo } from "../src/commands/demo.ts";

const { runProgram } = await import("../src/program.ts");

const startDemo: StartDemo = async ({
	databaseUrl,
	heartbeat,
	log,
	output,
	signal,
}) => {
	const demo = await import("./demo.ts");
	return demo.startDemo({
		databaseUrl,
		heartbeat,
		environment: process.env,
		log,
		output,
		signal,
	});
};

await runProgram(startDemo);
