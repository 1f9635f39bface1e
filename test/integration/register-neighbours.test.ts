import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
	fixture,
	InstrumentedServer,
	sendingTo,
} from "../support/instrumented-server.ts";
import { removeFolder, temporaryFolder } from "../support/monitor-process.ts";
import { OtlpReceiver } from "../support/otlp-receiver.ts";
import { waitFor } from "../support/wait-for.ts";

let folder: string;
let receiver: OtlpReceiver;
let endpoint: string;
let server: InstrumentedServer;

beforeEach(async () => {
	folder = temporaryFolder();
	receiver = new OtlpReceiver();
	endpoint = await receiver.start();
});
afterEach(async () => {
	await server.kill();
	await receiver.stop();
	removeFolder(folder);
});

function start(
	file: string,
	environment: Readonly<Record<string, string>> = {},
	flags: readonly string[] = [],
): InstrumentedServer {
	server = new InstrumentedServer(
		file,
		{ ...sendingTo(endpoint), ...environment },
		flags,
	);
	return server;
}

function write(path: string, text: string): string {
	const file = join(folder, path);
	mkdirSync(join(file, ".."), { recursive: true });
	writeFileSync(file, text);
	return file;
}

/** An app of its own, that has a package by the name of an agent. */
function appThatLoads(name: string, line: string, extension: string): string {
	write(
		`node_modules/${name}/package.json`,
		`{"name":"${name}","version":"5.1.0"}`,
	);
	write(`node_modules/${name}/index.js`, "exports.init = () => {};");
	return write(`app.${extension}`, `${line}\nconsole.log("http://ran");\n`);
}

describe("a second tracer", () => {
	test("that a flag loads is named, and keeps the process for itself", async () => {
		const agent = write("node_modules/dd-trace/initialize.mjs", "");
		const running = start(fixture("untouched.mjs"), {}, [
			`--import=${pathToFileURL(agent)}`,
		]);
		await running.end();
		expect(running.toldBesidesCollector()).toEqual([
			expect.objectContaining({
				level: "WARN",
				message: expect.stringMatching(/^dd-trace: in this process already/),
			}),
		]);
		expect(running.lines()).toEqual([
			expect.objectContaining({ isPatched: false }),
		]);
	});

	test("that NODE_OPTIONS loads is named as well", async () => {
		const agent = write("node_modules/newrelic/index.cjs", "");
		const running = start(fixture("untouched.mjs"), {
			NODE_OPTIONS: `--require ${agent}`,
		});
		await running.end();
		expect(running.toldBesidesCollector()).toEqual([
			expect.objectContaining({
				message: expect.stringMatching(/^newrelic: /),
			}),
		]);
	});

	test("that has started an OpenTelemetry SDK before is told of", async () => {
		const running = start(fixture("untouched.mjs"), {}, [
			`--import=${pathToFileURL(fixture("other-sdk.mjs"))}`,
		]);
		await running.end();
		expect(running.toldBesidesCollector()).toEqual([
			expect.objectContaining({
				message: expect.stringMatching(/^another OpenTelemetry SDK: /),
			}),
		]);
	});

	test.each([
		["import", 'import tracer from "dd-trace"; tracer.init();', "mjs"],
		["require", 'require("dd-trace").init();', "cjs"],
	])(
		"that the app loads by %s is named then",
		async (_way, line, extension) => {
			const running = start(appThatLoads("dd-trace", line, extension));
			await running.end();
			expect(running.stdout).toContain("http://ran");
			expect(running.toldBesidesCollector()).toEqual([
				expect.objectContaining({
					level: "WARN",
					message: expect.stringMatching(/^dd-trace is loaded by the app/),
				}),
			]);
		},
	);
});

describe("a worker thread", () => {
	test("inherits the flag, and is left alone", async () => {
		const running = start(fixture("with-worker.mjs"), { LOG_LEVEL: "DEBUG" });
		await running.get("/");
		await waitFor(() => receiver.resources.length > 5);
		const ids = receiver.resources.map(
			(attributes) => attributes["service.instance.id"],
		);
		expect(new Set(ids).size).toBe(1);
		expect(running.stderrBesidesCollector()).toBe("");
	});
});

describe("the service", () => {
	// Sent at the end only: a process that lives for a moment has 3 s for that, and not 100 ms.
	const atTheEnd = { OTEL_METRIC_EXPORT_INTERVAL: "60000" };

	test("is the app's package and deployment, and each process an instance", async () => {
		write("package.json", '{"name":"@shop/checkout","version":"3.2.1"}');
		write("src/package.json", '{"type":"module"}');
		const file = write("src/app.js", 'import "node:http";');
		for (const _ of ["first", "second"]) {
			await start(file, { ...atTheEnd, ENVIRONMENT: "staging" }).end();
		}
		const instances = () =>
			new Set(
				receiver.resources.map(
					(attributes) => attributes["service.instance.id"],
				),
			);
		await waitFor(() => instances().size === 2);
		expect(receiver.resources[0]).toMatchObject({
			"service.name": "@shop/checkout",
			"service.version": "3.2.1",
			"deployment.environment.name": "staging",
		});
	});

	test("is what the standard variables say, where they do", async () => {
		await start(fixture("untouched.mjs"), {
			...atTheEnd,
			OTEL_SERVICE_NAME: "shop",
			OTEL_RESOURCE_ATTRIBUTES: "service.instance.id=shop-1",
		}).end();
		await waitFor(() => receiver.resources.length > 0);
		expect(receiver.resources[0]).toMatchObject({
			"service.name": "shop",
			"service.instance.id": "shop-1",
		});
	});
});

describe("metrics", () => {
	test("take the namespace that METRIC_NAMESPACE gives", async () => {
		const running = start(fixture("ending.mjs"), { METRIC_NAMESPACE: "shop" });
		await running.get("/");
		await waitFor(() => receiver.points("shop_requests_total").length > 0);
		expect(receiver.metricNames().filter((name) => /adult/.test(name))).toEqual(
			[],
		);
	});

	test("keep the usual one where it is no name", async () => {
		const running = start(fixture("ending.mjs"), {
			METRIC_NAMESPACE: "1 shop",
		});
		await running.get("/");
		await waitFor(
			() => receiver.points("adult_matching_requests_total").length > 0,
		);
		expect(running.toldBesidesCollector()).toEqual([
			expect.objectContaining({
				level: "WARN",
				message: expect.stringMatching(/^METRIC_NAMESPACE: "1 shop" should be/),
			}),
		]);
	});

	test("keep 100 endpoints apart, and tell once of those beyond", async () => {
		const running = start(fixture("many-routes.mjs"));
		await running.url();
		const requests = () => receiver.points("adult_matching_requests_total");
		const total = () => requests().reduce((sum, { value }) => sum + value, 0);
		await waitFor(() => total() === 130);
		expect(requests()).toHaveLength(101);
		expect(
			requests().find(({ attributes }) => attributes.endpoint === "other"),
		).toHaveProperty("value", 30);
		expect(
			running.toldBesidesCollector().map(({ message }) => message),
		).toEqual([
			expect.stringMatching(/^requests_total: more values of endpoint/),
			expect.stringMatching(
				/^request_duration_seconds: more values of endpoint/,
			),
		]);
	});

	test("count a request whose client left before the answer as aborted", async () => {
		const running = start(fixture("silent.mjs"));
		const url = await running.url();
		await expect(
			fetch(url, { signal: AbortSignal.timeout(300) }),
		).rejects.toThrow();
		await waitFor(
			() => receiver.points("adult_matching_requests_total").length > 0,
		);
		expect(receiver.points("adult_matching_requests_total")).toEqual([
			expect.objectContaining({
				value: 1,
				attributes: { method: "GET", endpoint: "unmatched", status: "aborted" },
			}),
		]);
	});
});

describe("what is set wrongly", () => {
	test.each([
		["OTEL_EXPORTER_OTLP_ENDPOINT", "not a url", /not a url/],
		[
			"OTEL_TRACES_EXPORTER",
			"zipkin",
			/^OTEL_TRACES_EXPORTER: "zipkin" is not/,
		],
		["OTEL_EXPORTER_OTLP_TIMEOUT", "soon", /OTEL_EXPORTER_OTLP_TIMEOUT/],
		["OTEL_METRIC_EXPORT_INTERVAL", "-5", /^this process is not instrumented/],
	])("is told, and costs the app nothing: %s=%s", async (name, value, told) => {
		const running = start(fixture("ending.mjs"), { [name]: value });
		expect(await running.get("/")).toHaveProperty("status", 200);
		expect(running.toldBesidesCollector()[0]?.message).toMatch(told);
		expect(await running.end("SIGTERM")).toEqual({
			code: null,
			signal: "SIGTERM",
		});
	});
});
