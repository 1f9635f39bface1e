import { describe, expect, test } from "vitest";
import { runOnce } from "../unit/integration/flow/make-flow.ts";
import { stepsOfSite } from "../unit/integration/flow/steps-of-site.ts";

const { site, get, step, reasonOf } = stepsOfSite();

describe("the time of all steps", () => {
	test("ends a step that hangs, which is named", async () => {
		site().answer = ({ line }) => (line === "GET /hang" ? undefined : {});
		const { verdict } = await runOnce({
			timeout: 3,
			steps: [step("fine"), step("hang"), step("later")],
		});
		expect(verdict).toEqual({
			state: "unhealthy",
			reason: `step "hang": did not end within the flow's 3 s`,
		});
	});

	test("ends a step that waits, with what it got last", async () => {
		site().answer = () => ({ status: 503 });
		const { verdict } = await runOnce({
			timeout: 3,
			steps: [step("wait", { wait_until: { timeout: 60, every: 60 } })],
		});
		expect(verdict.reason).toBe(
			`step "wait": did not end within the flow's 3 s, tried once: answered 503 instead of 2xx`,
		);
	});
});

describe("a step that waits", () => {
	const wait = (timeout: number) => ({ wait_until: { timeout, every: 0.1 } });

	test("is repeated until it succeeds", async () => {
		site().answer = () =>
			site().seen.length < 3 ? { status: 404 } : { body: { id: 7 } };
		const { verdict } = await runOnce({
			steps: [
				step("there", { ...wait(20), extract: { id: { json: "$.id" } } }),
				{ name: "use", request: get(`/use/\${id}`) },
			],
		});
		expect(verdict.state).toBe("healthy");
		expect(site().lines()).toEqual([
			...Array(3).fill("GET /there"),
			"GET /use/7",
		]);
	});

	test("fails when its time is up, with what it got last", async () => {
		site().answer = () => ({ status: 404, body: "not yet" });
		const reason = await reasonOf(step("create", wait(3)));
		expect(reason).toMatch(
			/^step "create": not so within 3 s, tried (once|\d+ times): answered 404 instead of 2xx: not yet$/,
		);
	});

	test("fails when its server hangs for longer", async () => {
		site().answer = () => undefined;
		expect(await reasonOf(step("create", wait(0.3)))).toBe(
			'step "create": not so within 0.3 s, tried once: no answer in that time',
		);
	});

	test("is not repeated for a variable that won't come", async () => {
		const request = get(`/\${id}`);
		expect(await reasonOf({ request, ...wait(60) })).toBe(
			'step "create": the variable "id" is not there',
		);
	});
});
