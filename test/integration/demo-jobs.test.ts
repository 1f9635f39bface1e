import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Logger, pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Job } from "../../examples/backend/job.ts";
import { waitFor } from "../support/wait-for.ts";

interface Heard {
	readonly method: string | undefined;
	readonly path: string;
	readonly state: string | null;
	readonly duration: string | null;
	readonly token: string | undefined;
}

let monitor: Server;
let heard: Heard[];
let status: number;
let lines: string[];
let log: Logger;
let job: Job<object>;

beforeEach(async () => {
	heard = [];
	status = 204;
	lines = [];
	log = pino({}, { write: (line) => lines.push(JSON.parse(line).msg) });
	monitor = createServer((request, response) => {
		const url = new URL(request.url ?? "", "http://monitor");
		heard.push({
			method: request.method,
			path: url.pathname,
			state: url.searchParams.get("state"),
			duration: url.searchParams.get("duration"),
			token: request.headers.authorization,
		});
		response.writeHead(status).end();
	});
	monitor.listen(0, "127.0.0.1");
	await once(monitor, "listening");
	const address = monitor.address();
	const port = typeof address === "object" ? address?.port : undefined;
	vi.stubEnv("HEARTBEAT_URL", `http://127.0.0.1:${port}/heartbeats`);
	vi.stubEnv("HEARTBEAT_TOKEN", "a-token");
});
afterEach(async () => {
	await job.stop();
	vi.unstubAllEnvs();
	monitor.closeAllConnections();
	await new Promise((closed) => monitor.close(closed));
});

const states = () => heard.map(({ state }) => state);

describe("a job at intervals", () => {
	test("reports that it starts, and that it is done with how long it took", async () => {
		job = new Job("counting", async () => sleep(50, {}), log);
		job.start(3600);
		await waitFor(() => states().includes("ok"));
		expect(heard).toEqual([
			{
				method: "POST",
				path: "/heartbeats/counting_job",
				state: "start",
				duration: null,
				token: "Bearer a-token",
			},
			expect.objectContaining({
				path: "/heartbeats/counting_job",
				state: "ok",
				duration: expect.stringMatching(/^\d+\.\d{3}$/),
			}),
		]);
	});

	test("reports that it failed, and tries again before the next run is due", async () => {
		let isBroken = true;
		const work = async () => {
			if (isBroken) throw new Error("no");
			return {};
		};
		job = new Job("failing", work, log);
		job.start(3600);
		await waitFor(() => states().includes("fail"));
		expect(states()).not.toContain("ok");
		isBroken = false;
		await waitFor(() => states().includes("ok"));
	});

	test("goes on as ever without a monitor, says so once, and reports when it is there", async () => {
		status = 503;
		let runs = 0;
		job = new Job("running", async () => ({ run: ++runs }), log);
		job.start(0.01);
		const complaint = "the monitor hears nothing of the job";
		await waitFor(() => lines.includes(complaint));
		expect(runs).toBeGreaterThan(heard.length);
		await waitFor(() => heard.length >= 5);
		expect(lines.filter((line) => line === complaint)).toHaveLength(1);
		status = 204;
		await waitFor(() => lines.includes("the monitor hears of the job again"));
	});

	test("does nothing while it is paused, and reports nothing", async () => {
		let runs = 0;
		job = new Job("pausing", async () => ({ run: ++runs }), log);
		job.start(0.01);
		await waitFor(() => states().includes("ok"));
		job.isPaused = true;
		await sleep(100);
		const before = { runs, heard: heard.length };
		await sleep(200);
		expect({ runs, heard: heard.length }).toEqual(before);
		job.isPaused = false;
		await waitFor(() => runs > before.runs && heard.length > before.heard);
	});

	test("reports to nobody where no monitor is named", async () => {
		vi.stubEnv("HEARTBEAT_URL", undefined);
		job = new Job("silent", async () => ({}), log);
		job.start(0.01);
		await waitFor(() => lines.length > 3);
		expect(heard).toEqual([]);
	});
});

test("a run on demand is no heartbeat: it does not tell that the schedule lives", async () => {
	job = new Job("asked", async () => ({}), log);
	await job.run();
	await job.stop();
	expect(heard).toEqual([]);
});
