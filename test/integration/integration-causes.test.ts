import type { RequestListener } from "node:http";
import { describe, expect } from "vitest";
import {
	answering,
	statusOf,
	watchingTest as test,
	untilStates,
} from "../support/integration.ts";

/** Answers with a status that the test changes. */
function changing() {
	const service = { status: 200 };
	const listener: RequestListener = (request, response) =>
		answering(service.status)(request, response);
	return { service, listener };
}

describe("a component that depends on another", () => {
	test("is never unhealthy while that is down, whichever is asked first, and both recover", async ({
		watching,
	}) => {
		const { service, listener } = changing();
		const url = await watching.serve(listener);
		const monitor = await watching.start({
			failures_before_unhealthy: 2,
			endpoints: {
				edge: { url, depends_on: ["backend"] },
				backend: url,
				apart: await watching.serve(answering(200)),
			},
		});
		await untilStates(monitor, { edge: "healthy", backend: "healthy" });
		service.status = 503;
		await untilStates(monitor, { edge: "unknown", backend: "unhealthy" });
		expect(await statusOf(monitor, "edge")).toMatchObject({
			reason: "needs backend, which is down (answered 503)",
			cause: "backend",
		});
		service.status = 200;
		await untilStates(monitor, { edge: "healthy", backend: "healthy" });
		const { results } = await monitor.getIntegrationHistory(1);
		const seen = (name: string) =>
			new Set(
				results
					.filter((result) => result.name === name)
					.map(({ state }) => state),
			);
		expect(seen("edge")).toEqual(new Set(["healthy", "unknown"]));
		expect(seen("backend")).toEqual(new Set(["healthy", "unhealthy"]));
		expect(seen("apart")).toEqual(new Set(["healthy"]));
	});

	test("is checked at once when that is well again, however far its next turn is", async ({
		watching,
	}) => {
		const { service, listener } = changing();
		service.status = 503;
		const url = await watching.serve(listener);
		const monitor = await watching.start({
			failures_before_unhealthy: 2,
			endpoints: {
				edge: { url, interval: 3600, depends_on: ["backend"] },
				backend: url,
			},
		});
		await untilStates(monitor, { edge: "unknown", backend: "unhealthy" });
		service.status = 200;
		await untilStates(monitor, { edge: "healthy", backend: "healthy" });
		const { results } = await monitor.getIntegrationHistory(1);
		const edge = results.filter(({ name }) => name === "edge");
		expect(edge.map(({ state }) => state)).not.toContain("unhealthy");
	});

	test("is unhealthy itself where that is well", async ({ watching }) => {
		const { service, listener } = changing();
		const monitor = await watching.start({
			endpoints: {
				edge: {
					url: await watching.serve(listener),
					depends_on: ["backend"],
				},
				backend: await watching.serve(answering(200)),
			},
		});
		service.status = 500;
		await untilStates(monitor, { edge: "unhealthy", backend: "healthy" });
	});
});

describe("against flapping", () => {
	test("one failure is pending and changes nothing; the next one is looked for soon, and believed", async ({
		watching,
	}) => {
		const { service, listener } = changing();
		const url = await watching.serve(listener);
		// Not a whole day, which ends while some test runs at midnight.
		const seldom = { url, interval: 86_399 };
		const monitor = await watching.start({
			failures_before_unhealthy: 2,
			endpoints: { backend: seldom },
		});
		expect((await statusOf(monitor, "backend")).state).toBe("healthy");
		await watching.stop();

		service.status = 503;
		const again = watching.create({
			failures_before_unhealthy: 2,
			endpoints: { other: seldom },
		});
		await again.startIntegrationMonitoring();
		expect(await statusOf(again, "other")).toMatchObject({
			state: "unknown",
			pending: "unhealthy: answered 503",
		});
		// Long before its next turn.
		await untilStates(again, { other: "unhealthy" });
		expect((await statusOf(again, "other")).pending).toBeUndefined();
	});
});
