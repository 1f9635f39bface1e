import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import {
	afterAll,
	beforeAll,
	beforeEach,
	describe,
	expect,
	test,
} from "vitest";
import { parseAddress } from "../../src/config/database-address.ts";
import { type ConfigInput, schema } from "../../src/config/schema/schema.ts";
import { failedAssertion } from "../../src/integration/assertions.ts";
import { tracedRequest } from "../../src/integration/http/traced-request.ts";
import { createMeasurements } from "../../src/integration/measurements/create-measurements.ts";
import type { MeasurementResult } from "../../src/integration/measurements/measurement.ts";
import { applicationMetrics } from "../../src/metrics/application.ts";
import { measurementMetrics } from "../../src/metrics/measurement.ts";
import { ReadOnlyDatabase } from "../../src/postgres/read-only-database.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { measured } from "../support/readings.ts";

let server: PostgresServer;
let client: pg.Client;
let database: ReadOnlyDatabase;
let http: Server;
let url: string;
let folder: string;

beforeAll(async () => {
	server = await startPostgres();
	client = await server.connect();
	await client.query(`
		CREATE TABLE models (trained_at timestamptz, accuracy float8)`);
	database = new ReadOnlyDatabase(parseAddress(server.url()));
	http = createServer((request, response) => {
		const broken = request.url === "/broken";
		response.statusCode = broken ? 503 : 200;
		response.setHeader("Content-Type", "application/json");
		response.end(JSON.stringify({ ready: true, quality: 0.97, p50: 0.031 }));
	});
	await new Promise<void>((resolve) =>
		http.listen(0, "127.0.0.1", () => resolve()),
	);
	const address = http.address();
	if (address === null || typeof address === "string") throw new Error("port");
	url = `http://127.0.0.1:${address.port}`;
});
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "measurements-"));
	await client.query("TRUNCATE models");
	return () => rm(folder, { recursive: true });
});
afterAll(async () => {
	await new Promise((resolve) => http?.close(resolve));
	await database?.close();
	await server?.stop();
});

const create = (config: ConfigInput, from = database) =>
	createMeasurements(schema.parse(config), {
		database: from,
		request: tracedRequest,
		failedAssertion: (all, answer) =>
			failedAssertion(all, answer, (text) => text),
		baselinePath: join(folder, "baseline.json"),
		log: { info: () => {}, warn: () => {} },
	});

async function run(config: ConfigInput): Promise<MeasurementResult> {
	const [measurement] = create(config);
	if (!measurement) throw new Error("nothing is measured");
	return measurement.run(new AbortController().signal);
}

function expectProblem(result: MeasurementResult, problem: string): void {
	expect(result.problem).toBe(problem);
	const { success, errors } = measurementMetrics;
	expect(result.readings.map(({ metric, value }) => [metric, value])).toEqual([
		[success, 0],
	]);
	expect(result.samples).toMatchObject([{ metric: errors, value: 1 }]);
}

describe("a measurement", () => {
	test("of the catalogue's name is that metric's value", async () => {
		await client.query("INSERT INTO models VALUES (now(), 0.71)");
		const result = await run({
			measurements: {
				ml_model_accuracy: { sql: "SELECT accuracy FROM models" },
			},
		});
		const labels = { measurement: "ml_model_accuracy" };
		expect(result.problem).toBeUndefined();
		expect(result.readings).toEqual([
			{ metric: applicationMetrics.modelAccuracy, value: 0.71, labels: {} },
			{ metric: measurementMetrics.success, value: 1, labels },
		]);
		expect(result.samples).toEqual([
			{ metric: measurementMetrics.errors, value: 0, labels },
		]);
	});

	test("by HTTP is the value in the answer", async () => {
		const result = await run({
			measurements: {
				data_quality_score: {
					request: { url, assertions: [{ json: "$.ready", equals: true }] },
					json: "$.quality",
				},
			},
		});
		expect(measured(result.readings, applicationMetrics.dataQuality)).toBe(
			0.97,
		);
	});

	test("of a latency is recorded in its histogram", async () => {
		const result = await run({
			measurements: {
				recommendation_latency_seconds: { request: { url }, json: "$.p50" },
			},
		});
		expect(result.samples[0]).toEqual({
			metric: applicationMetrics.recommendationLatency,
			value: 0.031,
			labels: {},
		});
		expect(result.readings.map(({ metric }) => metric)).toEqual([
			measurementMetrics.success,
		]);
	});

	test("of another name is a gauge of its own, with its help", async () => {
		const named = await run({
			measurements: { open_orders: { sql: "SELECT -3", help: "Orders" } },
		});
		expect(named.readings[0]).toEqual({
			metric: {
				name: "open_orders",
				kind: "gauge",
				unit: "{value}",
				help: "Orders",
			},
			value: -3,
			labels: {},
		});
		const [first, again] = await Promise.all(
			[1, 2].map(() => run({ measurements: { a: { sql: "SELECT true" } } })),
		);
		expect(first?.readings[0]?.metric.help).toBe(
			"Value of the measurement a of the configuration",
		);
		expect(again?.readings[0]?.value).toBe(1);
	});

	test("of a time is its age in seconds", async () => {
		const { readings } = await run({
			measurements: { age: { sql: "SELECT now() - interval '1 hour'" } },
		});
		expect(Math.abs((readings[0]?.value ?? 0) - 3600)).toBeLessThan(60);
	});

	test("runs at its own interval, or at that of all", () => {
		const measurements = create({
			check_interval: 45,
			measurements: {
				a: { sql: "SELECT 1" },
				b: { sql: "SELECT 1", interval: 300 },
			},
		});
		expect(measurements.map(({ name, interval }) => [name, interval])).toEqual([
			["a", 45],
			["b", 300],
		]);
	});

	test("of durations of a component is left to its probes", () => {
		const duration_of = "recommendations";
		expect(
			create({
				measurements: { recommendation_latency_seconds: { duration_of } },
			}),
		).toEqual([]);
	});
});

describe("a measurement without a value says why:", () => {
	test.each([
		["nothing there", "SELECT accuracy FROM models", "has no value"],
		["no share", "SELECT 71", "is 71, which is no share from 0 to 1"],
		[
			"two rows",
			"VALUES (1), (2)",
			"could not be read: the query gives more than one row: one is expected",
		],
		[
			"a write",
			"DELETE FROM models RETURNING 1",
			"could not be read: the query is no single SELECT, or has a syntax error at its character 8",
		],
	])("%s", async (_, sql, problem) => {
		const measurements = { ml_model_accuracy: { sql } };
		expectProblem(await run({ measurements }), problem);
	});

	test.each([
		[
			"a status",
			{ url: "/broken" },
			"$.quality",
			"could not be read: answered 503 instead of 200",
		],
		[
			"an assertion",
			{ url: "/", assertions: [{ json: "$.ready", equals: false }] },
			"$.quality",
			"could not be read: wanted $.ready to equal false, got true",
		],
		[
			"nothing at the path",
			{ url: "/", expected_status: 200 },
			"$.none",
			"has no value",
		],
		[
			"another status wanted",
			{ url: "/", expected_status: [201, 204] },
			"$.quality",
			"could not be read: answered 200 instead of 201/204",
		],
	])("%s", async (_, request, json, problem) => {
		const at = { ...request, url: url + request.url };
		const measurements = { data_quality_score: { request: at, json } };
		expectProblem(await run({ measurements }), problem);
	});

	test("no server", async () => {
		const request = { url: "http://127.0.0.1:9" };
		const result = await run({
			measurements: { data_quality_score: { request, json: "$.quality" } },
		});
		expectProblem(result, result.problem ?? "");
		expect(result.problem).toMatch(/^could not be read: ./);
	});

	test("no database", async () => {
		const config = schema.parse({
			measurements: { a: { sql: "SELECT 1" } },
			recommender: { popularity: { sql: "SELECT 1" } },
		});
		const measurements = createMeasurements(config, {
			database: undefined,
			request: tracedRequest,
			failedAssertion: () => undefined,
			baselinePath: join(folder, "baseline.json"),
			log: { info: () => {}, warn: () => {} },
		});
		for (const measurement of measurements) {
			expectProblem(
				await measurement.run(new AbortController().signal),
				"could not be read: there is no database to ask: set DATABASE_URL",
			);
		}
	});
});
