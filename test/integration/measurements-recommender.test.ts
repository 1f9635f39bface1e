import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseAddress } from "../../src/config/database-address.ts";
import { type ConfigInput, schema } from "../../src/config/schema/schema.ts";
import { tracedRequest } from "../../src/integration/http/traced-request.ts";
import { createMeasurements } from "../../src/integration/measurements/create-measurements.ts";
import type { MeasurementResult } from "../../src/integration/measurements/measurement.ts";
import { measurementMetrics } from "../../src/metrics/measurement.ts";
import { recommenderMetrics } from "../../src/metrics/recommender.ts";
import { ReadOnlyDatabase } from "../../src/postgres/read-only-database.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { measured } from "../support/readings.ts";

let server: PostgresServer;
let client: pg.Client;
let database: ReadOnlyDatabase;
let folder: string;
const told: string[] = [];

beforeAll(async () => {
	server = await startPostgres();
	client = await server.connect();
	await client.query(`
		CREATE TABLE models (trained_at timestamptz);
		CREATE TABLE scores (score float8);
		CREATE TABLE recommended (content int, times int)`);
	database = new ReadOnlyDatabase(parseAddress(server.url()));
});
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "measurements-"));
	told.length = 0;
	return () => rm(folder, { recursive: true });
});
afterAll(async () => {
	await database?.close();
	await server?.stop();
});

/** As a process does that begins. */
const create = (config: ConfigInput) =>
	createMeasurements(schema.parse(config), {
		database,
		request: tracedRequest,
		failedAssertion: () => undefined,
		baselinePath: join(folder, "baseline.json"),
		log: {
			info: (message) => told.push(message),
			warn: (message) => told.push(message),
		},
	});

async function run(config: ConfigInput): Promise<MeasurementResult> {
	const [measurement] = create(config);
	if (!measurement) throw new Error("nothing is measured");
	return measurement.run(new AbortController().signal);
}

function expectProblem(result: MeasurementResult, problem: string): void {
	expect(result.problem).toBe(problem);
	expect(result.readings.map(({ metric, value }) => [metric, value])).toEqual([
		[measurementMetrics.success, 0],
	]);
}

test("nothing is measured of a recommender unless configured", () => {
	expect(create({})).toEqual([]);
});

test("shares and the model's age are measured", async () => {
	await client.query("INSERT INTO models VALUES (now() - interval '1 day')");
	const share = (value: number) => ({ sql: `SELECT ${value}`, interval: 60 });
	const measurements = create({
		recommender: {
			empty_recommendations: share(0.1),
			catalogue_coverage: share(0.2),
			embedding_coverage: share(0.97),
			model_age: { sql: "SELECT max(trained_at) FROM models" },
		},
	});
	const results = await Promise.all(
		measurements.map((each) => each.run(new AbortController().signal)),
	);
	expect(measurements.map(({ name, interval }) => [name, interval])).toEqual([
		["recommender_empty_recommendations", 60],
		["recommender_catalogue_coverage", 60],
		["recommender_embedding_coverage", 60],
		["recommender_model_age", 30],
	]);
	const readings = results.flatMap((result) => result.readings);
	const of = recommenderMetrics;
	expect(measured(readings, of.emptyShare)).toBe(0.1);
	expect(measured(readings, of.catalogueCoverage)).toBe(0.2);
	expect(measured(readings, of.embeddingCoverage)).toBe(0.97);
	const age = measured(readings, of.modelAge) ?? 0;
	expect(Math.abs(age - 86_400)).toBeLessThan(60);
});

test.each([
	"empty_recommendations",
	"catalogue_coverage",
	"embedding_coverage",
])("%s is no share beyond 1", async (key) => {
	const recommender = { [key]: { sql: "SELECT 1.5" } };
	expectProblem(
		await run({ recommender }),
		"is 1.5, which is no share from 0 to 1",
	);
});

test("the scores are compared with those of an earlier run, also of an earlier process", async () => {
	const config: ConfigInput = {
		recommender: {
			score_drift: { sql: "SELECT score FROM scores", baseline_size: 500 },
		},
	};
	expectProblem(
		await run(config),
		"has no value: the scores are 0, too few for a baseline: 500 are needed",
	);
	await client.query(
		"INSERT INTO scores SELECT i / 500.0 FROM generate_series(1, 500) i",
	);
	const { scoreDrift } = recommenderMetrics;
	const first = await run(config);
	expect(first.problem).toBeUndefined();
	expect(measured(first.readings, scoreDrift)).toBeUndefined();
	expect(await readdir(folder)).toEqual(["baseline.json"]);
	const second = await run(config);
	expect(measured(second.readings, scoreDrift)).toBe(0);

	await client.query("UPDATE scores SET score = score + 0.3");
	const drifted = await run(config);
	expect(measured(drifted.readings, scoreDrift)).toBeGreaterThan(0.25);
	expect(told).toEqual([
		`the baseline of the scores is made of 500 of them: ${join(folder, "baseline.json")}`,
	]);
});

test("how concentrated the recommendations are is measured", async () => {
	const config = {
		recommender: { popularity: { sql: "SELECT times FROM recommended" } },
	};
	expectProblem(await run(config), "has no value: nothing was recommended");
	await client.query(
		"INSERT INTO recommended VALUES (1, 0), (2, 0), (3, 0), (4, 8)",
	);
	const { readings } = await run(config);
	expect(measured(readings, recommenderMetrics.popularityGini)).toBe(0.75);
	await client.query("UPDATE recommended SET times = -1 WHERE content = 1");
	expectProblem(await run(config), "has counts below 0");
	await client.query("ALTER TABLE recommended ALTER times TYPE text");
	expectProblem(
		await run(config),
		"could not be read: the query's column is not one of numbers",
	);
	await client.query("ALTER TABLE recommended ALTER times TYPE int USING 1");
});
