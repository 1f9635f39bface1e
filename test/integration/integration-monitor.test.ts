import { describe, expect } from "vitest";
import { freePort } from "../support/free-port.ts";
import { answering, watchingTest as test } from "../support/integration.ts";
import { waitFor } from "../support/wait-for.ts";

describe("components", () => {
	test("are grouped by their URL, and judged with the reason", async ({
		watching,
	}) => {
		const well = await watching.serve(answering(200));
		const missing = await watching.serve(answering(404));
		const model = await watching.serve(
			answering(200, { model_loaded: true, memory_usage_percent: 95 }),
		);
		const running = await watching.start({
			endpoints: {
				content_feed: `${well}/functions/v1/content_feed`,
				data_sync: `${missing}/health`,
				gone: `http://127.0.0.1:${await freePort()}/health`,
			},
			ml_endpoints: { model_inference: model },
			data_flow_checks: { dmm_sync_freshness: 3600 },
		});
		const { state, groups } = await running.getIntegrationHealth();
		expect(state).toBe("unhealthy");
		const seen = groups.flatMap((group) =>
			group.components.map(({ name, state, reason }) => [
				group.name,
				group.state,
				name,
				state,
				reason,
			]),
		);
		expect(seen).toEqual([
			["edge_functions", "healthy", "content_feed", "healthy", "answered 200"],
			[
				"backend_services",
				"unhealthy",
				"data_sync",
				"degraded",
				"answered 404",
			],
			[
				"backend_services",
				"unhealthy",
				"gone",
				"unhealthy",
				"refused the connection (ECONNREFUSED)",
			],
			[
				"ml_pipeline",
				"unhealthy",
				"model_inference",
				"degraded",
				"memory at 95 % is not under 90 %",
			],
			[
				"data_flows",
				"unknown",
				"dmm_sync_freshness",
				"unknown",
				"nothing says where its age can be read: give it sql, or request and json",
			],
		]);
	});

	test("that change are seen at the next probe, and recover by themselves", async ({
		watching,
	}) => {
		let status = 200;
		const url = await watching.serve((request, response) =>
			answering(status)(request, response),
		);
		const running = await watching.start({ endpoints: { data_sync: url } });
		const state = async () =>
			(await running.getComponentStatus("data_sync"))?.state;
		expect(await state()).toBe("healthy");
		status = 503;
		await waitFor(async () => (await state()) === "unhealthy");
		status = 200;
		await waitFor(async () => (await state()) === "healthy");
		const { results, uptime } = await running.getIntegrationHistory(1);
		const states = results.map((entry) => entry.state);
		const changes = states.filter((each, i) => each !== states[i - 1]);
		expect(changes).toEqual(["healthy", "unhealthy", "healthy"]);
		const [ofIt] = uptime;
		expect(ofIt).toMatchObject({ name: "data_sync", checks: results.length });
		const up = states.filter((each) => each === "healthy").length;
		expect(ofIt?.percent).toBeCloseTo((100 * up) / results.length);
		expect(results[0]).toMatchObject({
			group: "backend_services",
			name: "data_sync",
			reason: "answered 200",
		});
	});

	test("that hang hold no other up", async ({ watching }) => {
		const hung = await watching.serve(() => {});
		const well = await watching.serve(answering(200));
		const running = watching.create({ endpoints: { hung, well } });
		const started = running.startIntegrationMonitoring();
		await waitFor(
			async () =>
				(await running.getComponentStatus("well"))?.state === "healthy",
		);
		await running.stopMonitoring();
		await started;
	});

	test("whose answer is endless are unhealthy for that reason", async ({
		watching,
	}) => {
		const url = await watching.serve((_request, response) => {
			const write = () => {
				while (response.write("x".repeat(65536)));
			};
			response.on("drain", write);
			write();
		});
		const running = await watching.start({ endpoints: { endless: url } });
		expect(await running.getComponentStatus("endless")).toMatchObject({
			state: "unhealthy",
			reason: expect.stringContaining("its answer is longer than 1 MiB"),
		});
	});

	test("that no one has named have no status", async ({ watching }) => {
		const running = await watching.start({});
		expect(await running.getComponentStatus("nobody")).toBeUndefined();
		expect((await running.getIntegrationHealth()).state).toBe("unknown");
	});
});

test("a probe sends the credentials of its URL, and reports none of them", async ({
	watching,
}) => {
	let sent: string | undefined;
	const url = await watching.serve((request, response) => {
		sent = request.headers.authorization;
		answering(200)(request, response);
	});
	const secret = url.replace("http://", "http://me:hunter%402@");
	const running = await watching.start({
		endpoints: { api: `${secret}/health?key=hunter2` },
	});
	expect(sent).toBe(`Basic ${btoa("me:hunter@2")}`);
	const reported = JSON.stringify([
		await running.getIntegrationHealth(),
		await running.getIntegrationHistory(1),
	]);
	expect(reported).toContain('"healthy"');
	expect(reported).not.toContain("hunter");
});

test("a monitor stops in good order while its collector is away, with spans that no one takes", async ({
	watching,
}) => {
	process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${await freePort()}`;
	try {
		const url = await watching.serve(answering(200));
		const running = await watching.start({ endpoints: { api: url } });
		await waitFor(
			async () => (await running.getIntegrationHistory(1)).results.length > 2,
		);
		await expect(running.stopMonitoring()).resolves.toBeUndefined();
	} finally {
		delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
	}
});
