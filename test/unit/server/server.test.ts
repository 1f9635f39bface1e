import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import { createApp } from "../../../src/server/app.ts";
import { type Listening, listen } from "../../../src/server/listen.ts";
import { listeningInodes } from "../../../src/server/port-holder.ts";

const parts = {
	metrics: async () => "some_metric 1\n",
	notReady: () => undefined,
	status: async () => ({ system: { state: "healthy" } }),
	details: async () => undefined,
	takeReport: () => false,
	onError: () => {},
};

describe("the routes", () => {
	test("/metrics has Prometheus' content type, with its version", async () => {
		const response = await createApp(parts).request("/metrics");
		expect(response.headers.get("content-type")).toBe(
			"text/plain; version=0.0.4; charset=utf-8",
		);
		expect(await response.text()).toBe("some_metric 1\n");
	});

	test("/health says nothing of what is watched", async () => {
		const app = createApp({ ...parts, notReady: () => "no data yet" });
		const response = await app.request("/health");
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({ status: "ok" });
	});

	test("/ready is 503 with the reason until there is data", async () => {
		const app = createApp({ ...parts, notReady: () => "no data yet" });
		const response = await app.request("/ready");
		expect(response.status).toBe(503);
		expect(await response.json()).toMatchObject({ reason: "no data yet" });
		expect((await createApp(parts).request("/ready")).status).toBe(200);
	});

	test("/status is the tree of states", async () => {
		const response = await createApp(parts).request("/status");
		expect(await response.json()).toEqual({ system: { state: "healthy" } });
	});

	test("any other path names those that there are", async () => {
		const response = await createApp(parts).request("/");
		expect(response.status).toBe(404);
		expect(await response.text()).toContain("/metrics");
	});

	test("nothing fails with a stack trace or the words of an inner error", async () => {
		const told: string[] = [];
		const app = createApp({
			...parts,
			status: () => Promise.reject(new Error("postgres://me:hunter2@db")),
			onError: ({ message }) => told.push(message),
		});
		const response = await app.request("/status");
		expect(response.status).toBe(500);
		expect(await response.text()).not.toContain("hunter2");
		expect(told).toEqual(["postgres://me:hunter2@db"]);
	});
});

describe("with a token", () => {
	const app = createApp({ ...parts, token: "hunter2" });

	test.each(["/metrics", "/ready", "/status", "/nowhere"])(
		"%s is refused without it, and with a wrong one",
		async (path) => {
			expect((await app.request(path)).status).toBe(401);
			const headers = { Authorization: "Bearer hunter3" };
			expect((await app.request(path, { headers })).status).toBe(401);
		},
	);

	test("a request that has it is answered", async () => {
		const headers = { Authorization: "Bearer hunter2" };
		expect((await app.request("/metrics", { headers })).status).toBe(200);
	});

	test("/health is open, for those who restart this process", async () => {
		expect((await app.request("/health")).status).toBe(200);
	});
});

describe("listening", () => {
	const open: Listening[] = [];
	afterEach(async () => {
		for (const server of open.splice(0)) await server.close();
	});

	test("port 0 takes a free port, which the address shows", async () => {
		const server = await listen(createApp(parts), "127.0.0.1", 0);
		open.push(server);
		expect((await fetch(`${server.url}/health`)).status).toBe(200);
	});

	test("a taken port is one line with the port, who holds it, and the way out", async () => {
		const script =
			"require('net').createServer().listen(0,'127.0.0.1',function(){console.log(this.address().port)})";
		const holder = spawn(process.execPath, ["-e", script]);
		const [output] = await once(holder.stdout, "data");
		const port = Number(output);
		try {
			await expect(listen(createApp(parts), "127.0.0.1", port)).rejects.toThrow(
				`port ${port} on 127.0.0.1 is taken by node (pid ${holder.pid}); stop it, or choose another port with --port or PROMETHEUS_PORT`,
			);
		} finally {
			holder.kill();
			await once(holder, "exit");
		}
	});

	test("an address that is not this machine's is told by the variable to set", async () => {
		await expect(listen(createApp(parts), "192.0.2.1", 0)).rejects.toThrow(
			"192.0.2.1 is not an address of this machine; set METRICS_HOST",
		);
	});

	test("closing ends connections that are still open", async () => {
		const server = await listen(createApp(parts), "127.0.0.1", 0);
		const response = await fetch(`${server.url}/health`);
		await response.text();
		await server.close();
		await expect(fetch(`${server.url}/health`)).rejects.toThrow();
	});
});

test("only sockets that listen on the port are taken for its holder's", () => {
	const table = [
		"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
		"   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1",
		"   1: 0100007F:1F40 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 222 1",
		"   2: 0100007F:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1",
	].join("\n");
	expect(listeningInodes(table, 8000)).toEqual(["111"]);
});
