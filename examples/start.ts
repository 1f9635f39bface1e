// What `npm start` runs: the monitor and, where no configuration is given, this demo for it to watch.
import "../src/young-generation.ts";
import type { StartDemo } from "../src/commands/demo.ts";

const { runProgram } = await import("../src/program.ts");

const startDemo: StartDemo = async ({ databaseUrl, log, output }) => {
	const demo = await import("./demo.ts");
	const { endpoints, mlEndpoints, stop } = await demo.startDemo({
		databaseUrl,
		environment: process.env,
		log,
		output,
	});
	return { components: { endpoints, ml_endpoints: mlEndpoints }, stop };
};

await runProgram(startDemo);
