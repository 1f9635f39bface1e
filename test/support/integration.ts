import { once } from "node:events";
import {
	createServer,
	type IncomingMessage,
	type RequestListener,
	type Server,
	type ServerResponse,
} from "node:http";
import { join } from "node:path";
import { test } from "vitest";
import {
	type ComponentStatus,
	type ConfigInput,
	createIntegrationMonitor,
	type IntegrationMonitor,
} from "../../src/index.ts";
import { removeFolder, temporaryFolder } from "./monitor-process.ts";
import { waitFor } from "./wait-for.ts";

/** What one test watches, and with what. */
export class Watching {
	readonly folder = temporaryFolder();
	readonly #servers: Server[] = [];
	#monitor: IntegrationMonitor | undefined;

	/** A real HTTP server; gives its address. */
	async serve(listener: RequestListener): Promise<string> {
		const server = createServer(listener).listen(0, "127.0.0.1");
		this.#servers.push(server);
		await once(server, "listening");
		const address = server.address();
		return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
	}

	/** A monitor of the test's own, that checks ten times a second and believes at once. */
	create(config: ConfigInput): IntegrationMonitor {
		this.#monitor = createIntegrationMonitor({
			prometheus_port: 0,
			check_interval: 0.1,
			log_level: "silent",
			failures_before_unhealthy: 1,
			history: { path: join(this.folder, "history.sqlite") },
			...config,
		});
		return this.#monitor;
	}

	async start(config: ConfigInput): Promise<IntegrationMonitor> {
		const monitor = this.create(config);
		await monitor.startIntegrationMonitoring();
		return monitor;
	}

	async stop(): Promise<void> {
		await this.#monitor?.stopMonitoring();
		this.#monitor = undefined;
	}

	async remove(): Promise<void> {
		await this.stop();
		for (const server of this.#servers) {
			server.closeAllConnections();
			server.close();
		}
		removeFolder(this.folder);
	}
}

/** A test with something to watch of its own. */
export const watchingTest = test.extend("watching", ({ onTestFinished }) => {
	const watching = new Watching();
	onTestFinished(() => watching.remove());
	return watching;
});

export const answering =
	(status: number, body: unknown = {}) =>
	(_request: IncomingMessage, response: ServerResponse) => {
		response.writeHead(status, { "Content-Type": "application/json" });
		response.end(JSON.stringify(body));
	};

export async function statusOf(
	monitor: IntegrationMonitor,
	name: string,
): Promise<ComponentStatus> {
	const status = await monitor.getComponentStatus(name);
	if (!status) throw new Error(`no component is named ${name}`);
	return status;
}

/** Waits until each of the components is in its state, for so many seconds at most. */
export async function untilStates(
	monitor: IntegrationMonitor,
	states: Readonly<Record<string, ComponentStatus["state"]>>,
	limit?: number,
): Promise<void> {
	await waitFor(async () => {
		const statuses = await Promise.all(
			Object.keys(states).map((name) => statusOf(monitor, name)),
		);
		return statuses.every(({ name, state }) => states[name] === state);
	}, limit);
}
