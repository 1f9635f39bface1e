import { afterEach, beforeEach, expect, test } from "vitest";
import { Processes } from "../../examples/demo/processes.ts";
import { waitFor } from "../support/wait-for.ts";

/** Answers with its process id, on the port that it is told, or on a free one. */
const server = `
const server = require("node:http").createServer((_, response) => response.end(String(process.pid)));
server.listen(Number(process.env.PORT), "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit());`;

let processes: Processes;
let errors: string[];

beforeEach(() => {
	errors = [];
	processes = new Processes(
		{ error: (line) => errors.push(line) },
		() => {},
		0.5,
	);
});
afterEach(() => processes.stop());

const start = () =>
	processes.start({
		name: "answering",
		program: process.execPath,
		args: ["--eval", server],
		environment: { PORT: "0" },
	});

const pidAt = async (url: string) => Number(await (await fetch(url)).text());

test("a process that is killed is told of, and started again where it was, each time", async () => {
	const url = await start();
	for (const time of [1, 2]) {
		const pid = await pidAt(url);
		process.kill(pid, "SIGKILL");
		await waitFor(() => errors.length === time);
		expect(errors.at(-1)).toBe(
			`answering (process ${pid}) has ended (SIGKILL); it is started again in 0.5 s`,
		);
		await waitFor(() =>
			pidAt(url).then(
				(other) => other !== pid,
				() => false,
			),
		);
	}
});

test("a process that was killed is not started again once all are stopped", async () => {
	const url = await start();
	process.kill(await pidAt(url), "SIGKILL");
	await waitFor(() => errors.length > 0);
	await processes.stop();
	await expect(fetch(url)).rejects.toThrow();
	expect(errors).toHaveLength(1);
});
