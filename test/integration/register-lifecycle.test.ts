import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import {
	fixture,
	InstrumentedServer,
	sendingTo,
} from "../support/instrumented-server.ts";
import { OtlpReceiver } from "../support/otlp-receiver.ts";
import { waitFor } from "../support/wait-for.ts";

let receiver: OtlpReceiver;
let endpoint: string;
let server: InstrumentedServer | undefined;

beforeEach(async () => {
	receiver = new OtlpReceiver();
	endpoint = await receiver.start();
});
afterEach(async () => {
	await server?.kill();
	await receiver.stop();
});

/** Starts a server whose data waits for longer than a test takes, unless it is flushed. */
function start(
	ending: string,
	environment: Readonly<Record<string, string>> = {},
): InstrumentedServer {
	server = new InstrumentedServer(fixture("ending.mjs"), {
		...sendingTo(endpoint),
		OTEL_BSP_SCHEDULE_DELAY: "60000",
		OTEL_METRIC_EXPORT_INTERVAL: "60000",
		ENDING: ending,
		...environment,
	});
	return server;
}

function arrived() {
	return {
		spans: receiver.spans.length,
		requests: receiver.points("adult_matching_requests_total").at(0)?.value,
	};
}

describe("the end of a process", () => {
	test.each(["SIGTERM", "SIGINT"] as const)(
		"is by %s where the app doesn't handle it, after the last data went",
		async (signal) => {
			const running = start("");
			await running.get("/");
			expect(await running.end(signal)).toEqual({ code: null, signal });
			expect(arrived()).toEqual({ spans: 1, requests: 1 });
		},
	);

	test("is the app's own where it handles the signal, with the last data", async () => {
		const running = start("in good order");
		await running.get("/");
		expect(await running.end("SIGTERM")).toEqual({ code: 4, signal: null });
		expect(running.stdout.match(/stopping/g)).toHaveLength(1);
		expect(arrived()).toEqual({ spans: 1, requests: 1 });
	});

	test("is the app's own where it exits at once", async () => {
		const running = start("at once");
		await running.get("/");
		expect(await running.end("SIGTERM")).toEqual({ code: 5, signal: null });
	});

	test("comes by itself, with the app's exit code and the last data", async () => {
		const running = start("by itself");
		await running.get("/", { headers: { connection: "close" } });
		expect(await running.end()).toEqual({ code: 3, signal: null });
		expect(arrived()).toEqual({ spans: 1, requests: 1 });
	});

	test("is an error's, as Node tells it", async () => {
		const running = start("by an error");
		await running.get("/");
		expect(await running.end()).toEqual({ code: 1, signal: null });
		expect(running.stderr).toContain("Error: the app is broken");
	});

	test("is by the signal beside listeners that end only where no one else listens", async () => {
		const running = start("after cleaning up");
		await running.get("/");
		expect(await running.end("SIGTERM")).toEqual({
			code: null,
			signal: "SIGTERM",
		});
		expect(running.stdout).toContain("cleaned up");
		expect(arrived()).toEqual({ spans: 1, requests: 1 });
	});

	test("comes though the collector hangs", async () => {
		receiver.answer = "hang";
		const running = start("", { OTEL_EXPORTER_OTLP_TIMEOUT: "600000" });
		await running.get("/");
		expect(await running.end("SIGTERM")).toEqual({
			code: null,
			signal: "SIGTERM",
		});
	});
});

describe("without a collector to send to", () => {
	test("nothing is patched, and one line says so", async () => {
		server = new InstrumentedServer(fixture("untouched.mjs"));
		expect(await server.end()).toEqual({ code: 0, signal: null });
		expect(server.lines()).toEqual([
			expect.objectContaining({ msg: "looked", isPatched: false }),
		]);
		expect(server.told()).toEqual([
			expect.objectContaining({
				level: "INFO",
				message:
					"OTEL_EXPORTER_OTLP_ENDPOINT is not set: this process is not instrumented, and its log has no trace ids",
			}),
		]);
	});

	test("the line can be silenced", async () => {
		server = new InstrumentedServer(fixture("untouched.mjs"), {
			LOG_LEVEL: "WARN",
		});
		await server.end();
		expect(server.stderr).toBe("");
	});

	test.each<Record<string, string>>([
		{ OTEL_SDK_DISABLED: "true" },
		{ OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none" },
	])("nor is anything with %o, though an endpoint is set", async (off) => {
		server = new InstrumentedServer(fixture("untouched.mjs"), {
			...sendingTo(endpoint),
			...off,
		});
		await server.end();
		expect(server.lines()).toEqual([
			expect.objectContaining({ isPatched: false }),
		]);
		expect(server.told()).toHaveLength(1);
		expect(receiver.bodies).toEqual([]);
	});

	test("the same app is patched with one", async () => {
		server = new InstrumentedServer(
			fixture("untouched.mjs"),
			sendingTo(endpoint),
		);
		await server.end();
		expect(server.lines()).toEqual([
			expect.objectContaining({ isPatched: true }),
		]);
	});
});

describe("a collector that is away", () => {
	test("costs one warning, and one line when it is back", async () => {
		await receiver.stop();
		const port = await freePort();
		const running = start("", {
			...sendingTo(`http://127.0.0.1:${port}`),
			OTEL_EXPORTER_OTLP_TIMEOUT: "300",
		});
		const messages = () => running.told().map(({ message }) => message);
		for (let count = 0; count < 20; count++) await running.get("/");
		await waitFor(() => messages().length > 0);
		await new Promise((done) => setTimeout(done, 1500));
		expect(messages()).toEqual([
			expect.stringContaining(
				`the OpenTelemetry collector at http://127.0.0.1:${port} does not take`,
			),
		]);
		receiver = new OtlpReceiver();
		await receiver.start(port);
		await running.get("/");
		await waitFor(() => messages().length > 1);
		expect(messages()[1]).toBe("the OpenTelemetry collector is back");
	});

	test.each(["refuse", "hang"] as const)(
		"or that will %s, changes no answer",
		async (answer) => {
			receiver.answer = answer;
			const running = start("", sendingTo(endpoint));
			for (let count = 0; count < 20; count++) {
				expect(await running.get("/")).toHaveProperty("status", 200);
			}
		},
	);

	test("keeps no process alive that is done", async () => {
		await receiver.stop();
		const running = start("by itself", sendingTo(endpoint));
		await running.get("/", { headers: { connection: "close" } });
		expect(await running.end()).toEqual({ code: 3, signal: null });
	});
});
