import { describe, expect, test } from "vitest";
import { createApp, type ServerParts } from "../../../src/server/app.ts";
import type { JobReport } from "../../../src/server/job-report.ts";

const token = "token-of-the-jobs";

/** A server that awaits the job `sync`, and keeps what it is told. */
function server(more: Partial<ServerParts> = {}) {
	const taken: [string, JobReport][] = [];
	const app = createApp({
		heartbeatToken: token,
		metrics: async () => "",
		notReady: () => undefined,
		status: async () => ({}),
		details: async () => undefined,
		takeReport: (name, report) => {
			if (name !== "sync") return false;
			taken.push([name, report]);
			return true;
		},
		onError: () => {},
		...more,
	});
	const post = (path: string, bearer = token, method = "POST") =>
		app.request(path, {
			method,
			headers: { authorization: `Bearer ${bearer}` },
		});
	return { taken, post, app };
}

describe("POST /heartbeats/<name>", () => {
	test("takes a report with its state and duration; without, the job is well", async () => {
		const { post, taken } = server();
		for (const query of ["", "?state=start", "?state=fail&duration=12.5"]) {
			expect((await post(`/heartbeats/sync${query}`)).status).toBe(204);
		}
		expect(taken).toEqual([
			["sync", { state: "ok" }],
			["sync", { state: "start" }],
			["sync", { state: "fail", duration: 12.5 }],
		]);
	});

	test("refuses whoever has not the jobs' token, the monitor's own token included", async () => {
		const { post, taken, app } = server({ token: "token-of-the-monitor" });
		for (const bearer of ["", "wrong", "token-of-the-monitor"]) {
			const { status } = await post("/heartbeats/sync", bearer);
			expect([400, 401]).toContain(status);
		}
		expect(
			(await app.request("/heartbeats/sync", { method: "POST" })).status,
		).toBe(401);
		expect(taken).toEqual([]);
		expect((await post("/heartbeats/sync")).status).toBe(204);
	});

	test("names what is wrong with a report", async () => {
		const { post, taken } = server();
		const response = await post("/heartbeats/sync?state=done&duration=-1");
		expect(response.status).toBe(400);
		expect(await response.json()).toEqual({
			errors: [
				"state is not one of start, ok, fail",
				"duration is not a number of seconds from 0 to 31536000",
			],
		});
		expect(taken).toEqual([]);
	});

	test("says that no job of that name is awaited", async () => {
		const response = await server().post("/heartbeats/synk");
		expect(response.status).toBe(404);
		expect(await response.json()).toEqual({
			error: "no heartbeat is named synk",
		});
	});

	test("is not there where no token is set, nor by GET", async () => {
		const { post } = server({ heartbeatToken: undefined });
		expect((await post("/heartbeats/sync")).status).toBe(404);
		expect((await server().post("/heartbeats/sync", token, "GET")).status).toBe(
			404,
		);
	});
});

describe("/status/<group>/<name>", () => {
	test("gives what is known of a component, and 404 where there is none", async () => {
		const details = async (group: string, name: string) =>
			name === "model" ? { group, name, state: "healthy" } : undefined;
		const { app } = server({ details });
		const response = await app.request("/status/ml_pipeline/model");
		expect(await response.json()).toEqual({
			group: "ml_pipeline",
			name: "model",
			state: "healthy",
		});
		expect((await app.request("/status/ml_pipeline/modell")).status).toBe(404);
	});

	test("asks for the monitor's token where there is one", async () => {
		const { app } = server({ token: "token-of-the-monitor" });
		expect((await app.request("/status/ml_pipeline/model")).status).toBe(401);
	});
});
