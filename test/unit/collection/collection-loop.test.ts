import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CollectionLoop } from "../../../src/collection/collection-loop.ts";
import type {
	Collection,
	Collector,
} from "../../../src/collection/collector.ts";
import { ReadingBoard } from "../../../src/metrics/board.ts";
import { Instruments } from "../../../src/metrics/instruments.ts";
import { gauge, type Metric } from "../../../src/metrics/metric.ts";
import { monitorMetrics } from "../../../src/metrics/monitor.ts";
import { boardProducer } from "../../../src/metrics/producer.ts";
import { createLog } from "../../../src/telemetry/log.ts";
import { renderPrometheus } from "../../../src/telemetry/prometheus.ts";

const value: Metric = {
	name: "value",
	kind: "gauge",
	unit: "{value}",
	help: "",
	labels: { of: { atMost: 9 } },
};

function collector(
	name: string,
	collect: (signal: AbortSignal) => Promise<Collection>,
): Collector {
	return { name, timeLimit: 0.05, collect };
}

const reads = (name: string, number = 1) =>
	collector(name, async () => ({
		readings: [gauge(value, number, { of: name })],
	}));

let board: ReadingBoard;
let reader: PrometheusExporter;
let messages: string[];
let loop: CollectionLoop | undefined;
let rounds: number;

beforeEach(() => {
	board = new ReadingBoard(() => {});
	reader = new PrometheusExporter({
		preventServerStart: true,
		metricProducers: [boardProducer(board, "ns")],
	});
	messages = [];
	rounds = 0;
});
afterEach(() => loop?.stop());

/** Starts collecting every 20 ms, and waits for the first round. */
async function start(...collectors: Collector[]) {
	const provider = new MeterProvider({ readers: [reader] });
	loop = new CollectionLoop({
		collectors,
		interval: 0.02,
		board,
		instruments: new Instruments(provider.getMeter("test"), "ns", () => {}),
		log: createLog({
			level: "info",
			secrets: [],
			forTerminal: false,
			write: (line) => messages.push(JSON.parse(line).message),
		}),
		onReadings: () => {
			rounds++;
		},
	});
	await loop.start();
}

async function until(condition: () => boolean | Promise<boolean>) {
	for (let i = 0; i < 500 && !(await condition()); i++) {
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

async function metrics(): Promise<string> {
	return renderPrometheus((await reader.collect()).resourceMetrics);
}

describe("collectors run side by side", () => {
	test("one that fails loses its series and counts an error; the others keep theirs", async () => {
		let broken = false;
		await start(
			reads("well"),
			collector("ill", async () => {
				if (broken) throw new Error("/proc/ill is gone");
				return { readings: [gauge(value, 2, { of: "ill" })] };
			}),
		);
		expect(board.of(value)).toHaveLength(2);
		broken = true;
		await until(() => board.of(value).length === 1);
		expect(board.of(value).map(({ labels }) => labels)).toEqual([
			{ of: "well" },
		]);
		const text = await metrics();
		expect(text).toMatch(
			/ns_collector_errors_total\{collector="ill",reason="failed"\} [1-9]/,
		);
		expect(text).toContain('ns_collector_success{collector="ill"} 0');
		expect(text).toContain('ns_collector_success{collector="well"} 1');
	});

	test("one that hangs is told once, skipped and counted, and holds no other up", async () => {
		await start(
			reads("well"),
			collector("hung", () => new Promise(() => {})),
		);
		const before = rounds;
		await until(async () =>
			/ns_collector_skipped_rounds_total\{collector="hung"\} [3-9]/.test(
				await metrics(),
			),
		);
		expect(rounds).toBeGreaterThan(before);
		const text = await metrics();
		expect(text).toContain('ns_value{of="well"} 1');
		expect(text).toContain(
			'ns_collector_errors_total{collector="hung",reason="timeout"} 1',
		);
		expect(messages).toEqual(["hung did not answer within 0.05 s"]);
	});

	test("one that ran out of time is asked to stop, and is read again when it has", async () => {
		let first = true;
		await start(
			collector("slow", (signal) => {
				if (!first) return Promise.resolve({ readings: [gauge(value, 3)] });
				first = false;
				return new Promise((_, reject) =>
					signal.addEventListener("abort", () => reject(signal.reason)),
				);
			}),
		);
		await until(() => board.of(value).length === 1);
		expect(board.of(value)[0]?.value).toBe(3);
		expect(messages).toEqual([
			"slow did not answer within 0.05 s",
			"slow is read again",
		]);
	});

	test("a part that can't be read is told once and counted; the rest is reported", async () => {
		await start(
			collector("disk", async () => ({
				readings: [gauge(value, 1, { of: "/" })],
				problems: ["/mnt does not answer"],
			})),
		);
		await until(() => rounds > 3);
		expect(messages).toEqual(["/mnt does not answer"]);
		expect(board.of(value)).toHaveLength(1);
		expect(board.of(monitorMetrics.collectorSuccess)[0]?.value).toBe(0);
		expect(await metrics()).toMatch(/reason="partial"\} [3-9]/);
	});

	test("what is not there to be read is named once, and is no error", async () => {
		await start(
			collector("db", async () => ({
				readings: [],
				absent: ["statements: pg_stat_statements is not installed"],
			})),
		);
		await until(() => rounds > 3);
		expect(messages).toEqual([
			"not read: statements: pg_stat_statements is not installed",
		]);
		expect(board.of(monitorMetrics.collectorSuccess)[0]?.value).toBe(1);
	});

	test("errors are visible as 0 before the first, so that an increase is seen", async () => {
		await start(reads("well"));
		expect(await metrics()).toContain(
			'ns_collector_errors_total{collector="well",reason="timeout"} 0',
		);
	});
});
