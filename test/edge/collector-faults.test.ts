import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Child, startDeno, startNode } from "./child.ts";
import { type Answer, OtlpReceiver, type Received } from "./otlp-receiver.ts";

const dropped = "adult_matching_edge_telemetry_dropped_total";
/** Requests, responses, processing and server duration. */
const measurementsARequest = 4;

/** What the collector does, and whether what was sent to it meanwhile is kept for later or given up. */
const faults: [name: string, fate: "kept" | "given up", answer: Answer][] = [
	["answers 503", "kept", { status: 503 }],
	["answers 429", "kept", { status: 429, headers: { "retry-after": "1" } }],
	["answers 500", "given up", { status: 500, body: "<html>" }],
	["answers 400", "given up", { status: 400 }],
	["answers 401", "given up", { status: 401 }],
	["hangs", "given up", "hang"],
	["cuts the connection", "given up", "cut"],
];

describe.each([
	["Deno", startDeno],
	["Node", startNode],
])("under %s, a collector", (_, start) => {
	let receiver: OtlpReceiver;
	let child: Child;
	let made = 0;

	async function startFunction(environment = {}) {
		made = 0;
		child = await start("function.ts", {
			OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
			LOG_LEVEL: "warn",
			...environment,
		});
	}
	beforeEach(async () => {
		receiver = await OtlpReceiver.start();
		await startFunction();
	});
	afterEach(async () => {
		await child.stop();
		await receiver.stop();
	});

	async function ask(path = "text"): Promise<void> {
		const answer = await fetch(
			`http://127.0.0.1:${child.announced.port}/shop/${path}`,
		);
		expect(answer.status).toBe(200);
		expect(await answer.text()).not.toBe("");
		made += 1;
	}

	/** Spans and measurements that are not accounted for: neither at the receiver nor counted as dropped. */
	function missing(): [spans: number, measurements: number] {
		const measured = receiver
			.points()
			.filter(({ name }) => name !== dropped)
			.reduce((sum, { count, value }) => sum + (count ?? value), 0);
		const spans = receiver.spans().length;
		return [
			made - spans - receiver.total(dropped, { signal: "traces" }),
			made * measurementsARequest -
				measured -
				receiver.total(dropped, { signal: "metrics" }),
		];
	}

	/** Asks on, since what is kept and counted goes with the next requests, until nothing is missing. */
	async function settle(): Promise<void> {
		const afterAnother = async () => {
			await ask();
			await delay(500);
			return missing();
		};
		await expect
			.poll(afterAnother, { timeout: 20_000, interval: 100 })
			.toEqual([0, 0]);
	}

	it.each(faults)(
		"that %s delays and changes no answer; what was sent is %s",
		async (_, fate, answer) => {
			receiver.answer = () => answer;
			await Promise.all([ask(), ask(), ask()]);
			// Traces and metrics; where a retry is right, a second time.
			await expect
				.poll(() => receiver.requests.length, { timeout: 5000 })
				.toBeGreaterThanOrEqual(fate === "kept" ? 4 : 2);
			await ask();
			receiver.answer = () => ({ status: 200, body: "{}" });
			await settle();
			const lost = receiver.total(dropped, { reason: "not_delivered" });
			if (fate === "kept") expect(lost).toBe(0);
			else expect(lost).toBeGreaterThanOrEqual(3);
			expect(receiver.violations).toEqual([]);
			const said = child.lines.filter((line) => line.includes("Telemetry"));
			expect(said).toHaveLength(1);
			expect(JSON.parse(said[0] ?? "")).toMatchObject({
				level: "WARN",
				message: expect.stringMatching(/^Telemetry was not sent: the c/),
			});
		},
	);

	it("that redirects to a stranger does not bring the data, nor the secrets in the headers, there", async () => {
		const stranger = await OtlpReceiver.start();
		try {
			const location = `${stranger.url}/v1/traces`;
			receiver.answer = () => ({ status: 307, headers: { location } });
			await ask();
			await expect.poll(() => receiver.requests.length).toBe(2);
			receiver.answer = () => ({ status: 200, body: "{}" });
			await settle();
			expect(stranger.requests).toEqual([]);
			expect(receiver.total(dropped, { signal: "traces" })).toBe(1);
		} finally {
			await stranger.stop();
		}
	});

	it("that is away costs nothing but a line: all is kept and sent when it is back", async () => {
		const { port } = receiver;
		await receiver.stop();
		await Promise.all(Array.from({ length: 20 }, () => ask()));
		await expect
			.poll(() => child.lines.filter((line) => line.includes("reached")))
			.toHaveLength(1);
		await ask();
		receiver = await OtlpReceiver.start(port);
		await settle();
		expect(receiver.total(dropped)).toBe(0);
	});

	it("that asks for a moment's patience gets the same again after it, once", async () => {
		const tries: { at: number; body: string }[] = [];
		receiver.answer = ({ path, body }: Received) => {
			if (path !== "/v1/traces") return { status: 200, body: "{}" };
			tries.push({ at: performance.now(), body });
			return tries.length === 1
				? { status: 429, headers: { "retry-after": "1" } }
				: { status: 200, body: "{}" };
		};
		await ask();
		await expect.poll(() => tries.length, { timeout: 5000 }).toBe(2);
		const [first, second] = tries;
		expect(second?.body).toBe(first?.body);
		expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(999);
		await settle();
		expect(receiver.total(dropped)).toBe(0);
	});

	it("that asks for a long pause is left alone until then", async () => {
		receiver.answer = () => ({
			status: 503,
			headers: { "retry-after": "600" },
		});
		await ask();
		await expect.poll(() => receiver.requests.length).toBe(2);
		await ask();
		await delay(500);
		await ask();
		await delay(500);
		expect(receiver.requests).toHaveLength(2);
	});

	it.each([
		["text", "<html>welcome</html>"],
		["nothing", ""],
		["half of JSON", '{"partialSuccess":'],
		["JSON of another kind", "[[]]"],
		["wrong types", '{"partialSuccess":{"rejectedSpans":{"a":1}}}'],
		["absurd numbers", '{"partialSuccess":{"rejectedSpans":"-1"}}'],
		["a megabyte", "x".repeat(1_000_000)],
	])("that takes data and answers %s has it, once", async (_, body) => {
		receiver.answer = () => ({ status: 200, body });
		await ask();
		await settle();
		expect(receiver.total(dropped)).toBe(0);
		expect(child.lines).toEqual([expect.stringContaining("port")]);
	});

	it("that takes data and never stops to answer has it, once", async () => {
		receiver.answer = () => "endless";
		await ask();
		await settle();
		expect(receiver.total(dropped)).toBe(0);
		const status = readFileSync(`/proc/${child.process.pid}/status`, "utf8");
		const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
		expect(peak).toBeLessThan(400);
	});

	it("that rejects a part is believed: the part is counted, and not sent again", async () => {
		receiver.answer = ({ path }: Received) => ({
			status: 200,
			body:
				path === "/v1/traces"
					? '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}'
					: '{"partialSuccess":{"rejectedDataPoints":2}}',
		});
		await ask();
		await expect.poll(() => receiver.accepted.length).toBe(2);
		receiver.answer = () => ({ status: 200, body: "{}" });
		const rejected = (signal: string) =>
			receiver.total(dropped, { signal, reason: "rejected" });
		await expect
			.poll(async () => {
				await ask();
				return [rejected("traces"), rejected("metrics")];
			})
			.toEqual([1, 2]);
		const ids = receiver.spans().map(({ spanId }) => spanId);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it("that is away for long leaves at most 2 MiB waiting: the oldest go, and are counted", async () => {
		const { port } = receiver;
		await child.stop();
		await startFunction({ OTEL_LOGS_EXPORTER: "otlp", LOG_LEVEL: "info" });
		await receiver.stop();
		for (let round = 0; round < 10; round++) {
			await Promise.all(Array.from({ length: 30 }, () => ask("verbose")));
		}
		receiver = await OtlpReceiver.start(port);
		await expect
			.poll(
				async () => {
					await ask();
					await delay(500);
					return missing();
				},
				{ timeout: 20_000 },
			)
			.toEqual([0, 0]);
		const first = receiver.requests
			.filter(({ path }) => path !== "/v1/metrics")
			.slice(0, 2)
			.reduce((sum, { body }) => sum + body.length, 0);
		expect(first).toBeLessThan(2 * 1024 * 1024 + 10_000);
		expect(first).toBeGreaterThan(1.9 * 1024 * 1024);
		const sent = receiver.logs().filter(({ text }) => text === "verbose");
		expect(sent.length).toBeGreaterThan(0);
		const written = () =>
			child.lines.filter((line) => line.startsWith('{"level"'));
		const accounted = () =>
			receiver.logs().length +
			receiver.total(dropped, { signal: "logs", reason: "queue_full" });
		await expect.poll(() => written().length - accounted()).toBe(0);
	});
});

it.each([
	["Deno", startDeno],
	["Node", startNode],
])(
	"without an endpoint nothing is sent, and lines and trace ids are there all the same, under %s",
	async (_, start) => {
		const receiver = await OtlpReceiver.start(4318).catch(() => undefined);
		const child = await start("function.ts");
		try {
			const answer = await fetch(
				`http://127.0.0.1:${child.announced.port}/shop/text`,
			);
			const [, trace] = answer.headers.get("traceresponse")?.split("-") ?? [];
			await expect
				.poll(() => child.lines.find((line) => line.includes(`"${trace}"`)))
				.toContain("Request completed successfully");
			await delay(500);
			// A process of another test may send here too, to what is OpenTelemetry's default.
			const own = receiver?.requests.filter(({ body }) =>
				body.includes("faas.name"),
			);
			expect(own ?? []).toEqual([]);
		} finally {
			await child.stop();
			await receiver?.stop();
		}
	},
);
