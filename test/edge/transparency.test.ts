import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Child, startDeno, startNode } from "./child.ts";
import { parseAnswer, type RawRequest, rawRequest } from "./raw-http.ts";

const paths =
	"text json bytes blob search nothing none no-content not-modified constant redirect unavailable headers large stream empty-stream stream-with-length transformed-stream broken-stream fetched fetched-stream fetched-redirect fetched-empty proxied echo echo-stream unread cors throw reject missing info";

type Asked = Omit<RawRequest, "port">;

function requestsTo(path: string): Asked[] {
	return [
		{ path },
		{ path, headers: { "accept-encoding": "gzip" } },
		{ path, method: "HEAD" },
		{ path, method: "OPTIONS", headers: { origin: "http://example.com" } },
		{ path, method: "POST", body: Buffer.from([0, 200, 10, 13]) },
	];
}

const requests = paths.split(" ").flatMap((name) => requestsTo(`/${name}`));

interface Servers {
	bare: number;
	monitored: number;
	stop(): Promise<void>;
}

function portOf(child: Child, name: string): number {
	return child.announced[name] ?? 0;
}

async function onDeno(environment = {}): Promise<Servers> {
	const child = await startDeno("deno-answers.ts", environment);
	return {
		bare: portOf(child, "bare"),
		monitored: portOf(child, "monitored"),
		stop: () => child.stop(),
	};
}

async function onNode(): Promise<Servers> {
	const bare = await startNode("node-answers.ts", { BARE: "1" });
	const monitored = await startNode("node-answers.ts");
	return {
		bare: portOf(bare, "port"),
		monitored: portOf(monitored, "port"),
		async stop() {
			await Promise.all([bare.stop(), monitored.stop()]);
		},
	};
}

const runtimes: [name: string, start: () => Promise<Servers>][] = [
	["Deno.serve", onDeno],
	["a runtime like Supabase's", () => onDeno({ LIKE_SUPABASE: "1" })],
	["Node", onNode],
];

describe.each(runtimes)("under %s the client gets", (_, start) => {
	let servers: Servers;
	beforeAll(async () => {
		servers = await start();
	});
	afterAll(() => servers.stop());

	it("what the bare handler would have sent, byte for byte", async () => {
		const answerOf = async (port: number, request: Asked) => ({
			request,
			answer: parseAnswer(await rawRequest({ ...request, port })),
		});
		for (const request of requests) {
			const received = await answerOf(servers.monitored, request);
			expect(received.answer.statusLine).toMatch(/^HTTP\/1.1 \d{3}/);
			// More than once: Deno itself passes a request's stream on with its length or without,
			// as it has arrived by then or not.
			await expect
				.poll(() => answerOf(servers.bare, request), { interval: 1 })
				.toEqual(received);
		}
	});

	it("the trace's id in headers that developer tools show, once, also where the headers can't be changed", async () => {
		for (const path of [
			"text",
			"constant",
			"constant",
			"fetched",
			"redirect",
		]) {
			const { headers } = await fetch(
				`http://127.0.0.1:${servers.monitored}/${path}`,
				{ redirect: "manual" },
			);
			const trace = headers.get("traceresponse");
			expect(trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
			expect(headers.get("server-timing")).toBe(`traceparent;desc="${trace}"`);
		}
	});

	it("each event of a stream before the next one is made", async () => {
		const base = `http://127.0.0.1:${servers.monitored}`;
		const events = await fetch(`${base}/events?early`);
		const reader = events.body
			?.pipeThrough(new TextDecoderStream())
			.getReader();
		expect((await reader?.read())?.value).toBe("data: first\n\n");
		// Only now the handler is allowed to make the second one.
		await expect
			.poll(async () => (await fetch(`${base}/release?early`)).status)
			.toBe(200);
		expect((await reader?.read())?.value).toBe("data: second\n\n");
		expect((await reader?.read())?.done).toBe(true);
	});
});

describe("a WebSocket works through the wrapper", () => {
	it.each([
		["Deno.serve", {}],
		["a runtime like Supabase's", { LIKE_SUPABASE: "1" }],
	])("under %s", async (_, environment) => {
		const servers = await onDeno(environment);
		try {
			const socket = new WebSocket(
				`ws://127.0.0.1:${servers.monitored}/socket`,
			);
			await once(socket, "open");
			const answered = once(socket, "message");
			socket.send("hello");
			const [message] = await answered;
			expect(message.data).toBe("echo hello");
			socket.close();
		} finally {
			await servers.stop();
		}
	});
});

it("a client that goes away in the middle of a stream does no harm", async () => {
	const servers = await onDeno();
	try {
		const socket = connect(servers.monitored, "127.0.0.1");
		socket.write("GET /events?gone HTTP/1.1\r\nhost: localhost\r\n\r\n");
		await once(socket, "data");
		socket.destroy();
		const next = await fetch(`http://127.0.0.1:${servers.monitored}/text`);
		expect(await next.text()).toBe("text");
	} finally {
		await servers.stop();
	}
});
