import { describe, expect, test } from "vitest";
import { flowMetrics } from "../../src/metrics/flow.ts";
import { measured } from "../support/readings.ts";
import { makeFlow, runOnce } from "../unit/integration/flow/make-flow.ts";
import { stepsOfSite } from "../unit/integration/flow/steps-of-site.ts";

const { site, get, step } = stepsOfSite();

test("a flow is a check of its group, as it is configured", () => {
	const { group, name, interval, dependsOn } = makeFlow({
		steps: [step("a")],
		depends_on: ["backend"],
	});
	expect({ group, name, interval, dependsOn }).toEqual({
		group: "e2e_flows",
		name: "sign_up",
		interval: 60,
		dependsOn: ["backend"],
	});
});

describe("a flow whose steps succeed", () => {
	test("is healthy, and says how many they were", async () => {
		const { verdict } = await runOnce({ steps: [step("a"), step("b")] });
		expect(verdict).toEqual({
			state: "healthy",
			reason: expect.stringMatching(/^2 steps in \d+\.\d\d s$/),
		});
		expect(site().lines()).toEqual(["GET /a", "GET /b"]);
		const { verdict: one } = await runOnce({ steps: [step("a")] });
		expect(one.reason).toMatch(/^1 step in \d+\.\d\d s$/);
	});

	test("hands values out of JSON and headers to later steps", async () => {
		site().answer = ({ line }) =>
			line === "POST /users"
				? { status: 201, headers: { ETag: "v7" }, body: { user: { id: 42 } } }
				: { body: { id: 42 } };
		const { verdict } = await runOnce({
			steps: [
				{
					name: "create",
					request: get("/users", {
						method: "POST",
						body: { run: `\${run_id}` },
					}),
					extract: { id: { json: "$.user.id" }, tag: { header: "etag" } },
				},
				{
					name: "read",
					request: get(`/users/\${id}`, {
						headers: { "If-Match": `\${tag}` },
						assertions: [{ json: "$.id", equals: `\${id}` }],
					}),
				},
			],
		});
		expect(verdict.state).toBe("healthy");
		expect(site().seen[0]?.body).toMatch(/^\{"run":"[\da-f-]{36}"\}$/);
		expect(site().seen[1]).toMatchObject({
			line: "GET /users/42",
			headers: { "if-match": "v7" },
		});
	});

	test("has another id in each run", async () => {
		const check = makeFlow({
			steps: [{ name: "a", request: get(`/\${run_id}/\${run_id}`) }],
		});
		const { signal } = new AbortController();
		await check.run(signal);
		await check.run(signal);
		const [first, second] = site().lines();
		expect(first).toMatch(/^GET \/([\da-f-]{36})\/\1$/);
		expect(second).toMatch(/^GET \/([\da-f-]{36})\/\1$/);
		expect(first).not.toBe(second);
	});
});

describe("a run is measured", () => {
	const labels = (name: string) => ({ flow: "sign_up", step: name });
	const runs = (samples: Awaited<ReturnType<typeof runOnce>>["samples"] = []) =>
		samples.filter(({ metric }) => metric === flowMetrics.runs);

	test("by the steps that ran, and as a success or a failure", async () => {
		site().answer = ({ line }) => ({ status: line === "GET /b" ? 500 : 200 });
		const { readings = [], samples = [] } = await runOnce({
			steps: [step("a"), step("b"), step("c")],
		});
		const success = (name: string) =>
			measured(readings, flowMetrics.stepSuccess, labels(name));
		expect(["a", "b", "c"].map(success)).toEqual([1, 0, undefined]);
		const durations = samples.filter(
			({ metric }) => metric === flowMetrics.stepDuration,
		);
		expect(durations.map((sample) => sample.labels)).toEqual(
			["a", "b"].map(labels),
		);
		expect(runs(samples)).toEqual([
			{
				metric: flowMetrics.runs,
				value: 1,
				labels: { flow: "sign_up", outcome: "failure" },
			},
		]);
	});

	test("as a success when all did", async () => {
		const { samples } = await runOnce({ steps: [step("a")] });
		expect(runs(samples)[0]?.labels.outcome).toBe("success");
	});
});
