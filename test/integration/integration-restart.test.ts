import { expect } from "vitest";
import {
	answering,
	statusOf,
	watchingTest as test,
} from "../support/integration.ts";

test("after a restart, a component keeps its state and its turn: it is not asked again before", async ({
	watching,
}) => {
	let asked = 0;
	const url = await watching.serve((request, response) => {
		asked += 1;
		answering(503)(request, response);
	});
	// Not a whole day, which ends while some test runs at midnight.
	const config = { endpoints: { backend: { url, interval: 86_399 } } };
	const before = await statusOf(await watching.start(config), "backend");
	expect(before).toMatchObject({ state: "unhealthy", reason: "answered 503" });
	expect(asked).toBe(1);
	await watching.stop();

	const after = await statusOf(await watching.start(config), "backend");
	expect(asked).toBe(1);
	expect(after).toMatchObject({
		state: "unhealthy",
		reason: "answered 503",
		checkedAt: before.checkedAt,
		traceId: before.traceId,
	});
});

test("what was checked longer ago than its interval is checked at once", async ({
	watching,
}) => {
	let asked = 0;
	const url = await watching.serve((request, response) => {
		asked += 1;
		answering(200)(request, response);
	});
	const config = { check_interval: 0.1, endpoints: { backend: url } };
	await watching.start(config);
	await watching.stop();
	await new Promise((resolve) => setTimeout(resolve, 150));
	const before = asked;
	await watching.start({ ...config, check_interval: 0.1 });
	expect(asked).toBeGreaterThan(before);
});
