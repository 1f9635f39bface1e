import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { flowMetrics } from "../../src/metrics/flow.ts";
import { waitFor } from "../support/wait-for.ts";
import { makeFlow, runOnce } from "../unit/integration/flow/make-flow.ts";
import { type Answer, Site } from "../unit/integration/flow/site.ts";

let site: Site;
/** By method and path; all else is well. A request without an answer hangs. */
let answers: Record<string, Answer | undefined>;
beforeEach(async () => {
	answers = { "POST /users": { status: 201, body: { id: 7 } } };
	site = new Site();
	site.answer = ({ line }) => (line in answers ? answers[line] : {});
	await site.start();
});
afterEach(() => site.stop());

const request = (method: string, path: string, more = {}) => ({
	method,
	url: site.url(path),
	...more,
});
/** Makes a user, uses it, and removes it, by its id and by the run's. */
const signUp = () => ({
	steps: [
		{
			name: "create",
			request: request("POST", "/users"),
			extract: { id: { json: "$.id" } },
		},
		{ name: "use", request: request("GET", `/users/\${id}`) },
	],
	cleanup: [
		{ name: "remove", request: request("DELETE", `/users/\${id}`) },
		{ name: "forget", request: request("DELETE", "/runs") },
	],
});
const everything = [
	"POST /users",
	"GET /users/7",
	"DELETE /users/7",
	"DELETE /runs",
];

describe("what a flow made is removed", () => {
	test("when all went well, which is not counted among its steps", async () => {
		const { verdict } = await runOnce(signUp());
		expect(verdict.reason).toMatch(/^2 steps in/);
		expect(site.lines()).toEqual(everything);
	});

	test("when a step fails", async () => {
		answers["GET /users/7"] = { status: 500 };
		const { verdict } = await runOnce(signUp());
		expect(verdict).toEqual({
			state: "unhealthy",
			reason: 'step "use": answered 500 instead of 2xx',
		});
		expect(site.lines()).toEqual(everything);
	});

	test("when time is up", async () => {
		answers["GET /users/7"] = undefined;
		const { verdict } = await runOnce({ ...signUp(), timeout: 3 });
		expect(verdict.reason).toBe(
			`step "use": did not end within the flow's 3 s`,
		);
		expect(site.lines()).toEqual(everything);
	});

	test("when the monitor stops, which says nothing about the flow", async () => {
		answers["GET /users/7"] = undefined;
		const stop = new AbortController();
		const running = makeFlow(signUp()).run(stop.signal);
		await waitFor(() => site.seen.length === 2);
		stop.abort();
		const { verdict, readings, samples } = await running;
		expect(verdict).toEqual({
			state: "unknown",
			reason: 'step "use": was cut off, as the monitor stops',
		});
		expect(site.lines()).toEqual(everything);
		expect(readings?.map(({ labels }) => labels.step)).toEqual([
			"create",
			"remove",
			"forget",
		]);
		expect(samples?.map(({ metric }) => metric)).not.toContain(
			flowMetrics.runs,
		);
	});

	test("in no more than 3 s when the monitor stops", async () => {
		answers["DELETE /users/7"] = undefined;
		const stop = new AbortController();
		const running = makeFlow({ ...signUp(), timeout: 600 }).run(stop.signal);
		await waitFor(() => site.seen.length === 3);
		stop.abort();
		const { verdict } = await running;
		expect(verdict.reason).toContain(
			`step "remove": did not end within cleanup's 3 s`,
		);
	});

	test("only if it was made: what has no id is not asked for", async () => {
		answers["POST /users"] = { status: 500 };
		const { readings = [] } = await runOnce(signUp());
		expect(site.lines()).toEqual(["POST /users", "DELETE /runs"]);
		expect(readings.map(({ labels, value }) => [labels.step, value])).toEqual([
			["create", 0],
			["forget", 1],
		]);
	});
});

describe("a cleanup that fails", () => {
	test("makes the flow degraded, and stops no other step of it", async () => {
		answers["DELETE /users/7"] = { status: 409, body: "in use" };
		const { verdict, samples = [] } = await runOnce(signUp());
		expect(verdict).toEqual({
			state: "degraded",
			reason: expect.stringMatching(
				/^2 steps in \d+\.\d\d s, but cleanup failed: step "remove": answered 409 instead of 2xx: in use$/,
			),
		});
		expect(site.lines()).toEqual(everything);
		expect(samples.at(-1)?.labels.outcome).toBe("cleanup_failure");
	});

	test("has as many seconds again as the steps", async () => {
		answers["DELETE /users/7"] = undefined;
		const { verdict } = await runOnce({ ...signUp(), timeout: 3 });
		expect(verdict.state).toBe("degraded");
		expect(verdict.reason).toContain(
			`step "remove": did not end within cleanup's 3 s; step "forget": did not`,
		);
	});

	test("is named behind the step that failed before", async () => {
		answers["GET /users/7"] = { status: 500 };
		answers["DELETE /users/7"] = { status: 500 };
		answers["DELETE /runs"] = { status: 500 };
		const { verdict } = await runOnce(signUp());
		expect(verdict).toEqual({
			state: "unhealthy",
			reason:
				'step "use": answered 500 instead of 2xx; cleanup failed too: "remove", "forget"',
		});
	});
});
