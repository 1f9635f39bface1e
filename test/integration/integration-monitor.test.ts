import { once } from "node:events";
import {
	createServer,
	type IncomingMessage,
	type RequestListener,
	type Server,
	type ServerResponse,
} from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
	type ConfigInput,
	createIntegrationMonitor,
	type IntegrationMonitor,
} from "../../src/index.ts";
import { freePort } from "../support/free-port.ts";
import { removeFolder, temporaryFolder } from "../support/monitor-process.ts";
import { waitFor } from "../support/wait-for.ts";

let folder: string;
let servers: Server[];
let monitor: IntegrationMonitor | undefined;

beforeEach(() => {
	folder = temporaryFolder();
	servers = [];
});
afterEach(async () => {
	await monitor?.stopMonitoring();
	for (const server of servers) {
		server.closeAllConnections();
		server.close();
	}
	removeFolder(folder);
});

/** A real HTTP server; gives its address. */
async function serve(listener: RequestListener): Promise<string> {
	const server = createServer(listener).listen(0, "127.0.0.1");
	servers.push(server);
	await once(server, "listening");
	const address = server.address();
	return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

const answering =
	(status: number, body: unknown = {}) =>
	(_request: IncomingMessage, response: ServerResponse) => {
		response.writeHead(status, { "Content-Type": "application/json" });
		response.end(JSON.stringify(body));
	};

async function start(config: ConfigInput): Promise<IntegrationMonitor> {
	monitor = createIntegrationMonitor({
		prometheus_port: 0,
		check_interval: 0.1,
		log_level: "silent",
		history: { path: join(folder, "history.sqlite") },
		...config,
	});
	await monitor.startIntegrationMonitoring();
	return monitor;
}

describe("components", () => {
	test("are grouped by their URL, and judged with the reason", async () => {
		const well = await serve(answering(200));
		const missing = await serve(answering(404));
		const model = await serve(
			answering(200, { model_loaded: true, memory_usage_percent: 95 }),
		);
		const running = await start({
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
				"could not be asked (ECONNREFUSED)",
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
				"nothing says where its age can be read",
			],
		]);
	});

	test("that change are seen at the next probe, and recover by themselves", async () => {
		let status = 200;
		const url = await serve((request, response) =>
			answering(status)(request, response),
		);
		const running = await start({ endpoints: { data_sync: url } });
		const state = async () =>
			(await running.getComponentStatus("data_sync"))?.state;
		expect(await state()).toBe("healthy");
		status = 503;
		await waitFor(async () => (await state()) === "unhealthy");
		status = 200;
		await waitFor(async () => (await state()) === "healthy");
		const history = await running.getIntegrationHistory(1);
		const states = history.map((entry) => entry.state);
		const changes = states.filter((each, i) => each !== states[i - 1]);
		expect(changes).toEqual(["healthy", "unhealthy", "healthy"]);
		expect(history[0]).toMatchObject({
			group: "backend_services",
			name: "data_sync",
			reason: "answered 200",
		});
	});

	test("that hang hold no other up", async () => {
		const hung = await serve(() => {});
		const well = await serve(answering(200));
		monitor = createIntegrationMonitor({
			prometheus_port: 0,
			check_interval: 0.1,
			log_level: "silent",
			history: { path: join(folder, "history.sqlite") },
			endpoints: { hung, well },
		});
		const running = monitor;
		const started = running.startIntegrationMonitoring();
		await waitFor(
			async () =>
				(await running.getComponentStatus("well"))?.state === "healthy",
		);
		await running.stopMonitoring();
		await started;
	});

	test("whose answer is endless are unhealthy for that reason", async () => {
		const url = await serve((_request, response) => {
			const write = () => {
				while (response.write("x".repeat(65536)));
			};
			response.on("drain", write);
			write();
		});
		const running = await start({ endpoints: { endless: url } });
		expect(await running.getComponentStatus("endless")).toMatchObject({
			state: "unhealthy",
			reason: expect.stringContaining("its answer is longer than 1 MiB"),
		});
	});

	test("that no one has named have no status", async () => {
		const running = await start({});
		expect(await running.getComponentStatus("nobody")).toBeUndefined();
		expect((await running.getIntegrationHealth()).state).toBe("unknown");
	});
});

test("a probe sends the credentials of its URL, and reports none of them", async () => {
	let sent: string | undefined;
	const url = await serve((request, response) => {
		sent = request.headers.authorization;
		answering(200)(request, response);
	});
	const secret = url.replace("http://", "http://me:hunter%402@");
	const running = await start({
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
