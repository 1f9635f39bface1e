import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demoConfig } from "../../examples/demo/monitoring.ts";
import { startTestDemo, type TestDemo } from "../support/demo.ts";

const nowhere = "http://127.0.0.1:1";
const { data_flow_checks, flows, measurements, recommender } = demoConfig({
	edge: nowhere,
	inference: nowhere,
	dataSync: nowhere,
	mlTraining: nowhere,
});

const users = Array.from(
	{ length: 120 },
	(_, number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
);

let running: TestDemo;

beforeAll(async () => {
	running = await startTestDemo();
	await post("ml_training", "/train");
	await post("data_sync", "/sync");
	for (const user of users) await recommendTo(user);
});
afterAll(() => running.stop());

async function post(service: string, path: string): Promise<void> {
	const url = new URL(path, running.url(service));
	expect((await fetch(url, { method: "POST" })).status).toBe(200);
}

async function recommendTo(user: string, headers = {}): Promise<void> {
	const url = new URL(running.url("enhanced_recommendations"));
	url.search = `?user_id=${user}`;
	expect((await fetch(url, { headers })).status).toBe(200);
}

/** The column that a query gives, which the monitor runs read-only. */
async function column(
	sql: string,
	parameters: string[] = [],
): Promise<unknown[]> {
	const { database } = running;
	await database.query("BEGIN READ ONLY");
	try {
		const query = { text: sql, values: parameters, rowMode: "array" };
		const { rows } = await database.query<unknown[]>(query);
		expect(rows.every((row) => row.length === 1)).toBe(true);
		return rows.map(([value]) => value);
	} finally {
		await database.query("ROLLBACK");
	}
}

async function one(source: { sql?: string } | undefined): Promise<unknown> {
	const values = await column(source?.sql ?? "");
	expect(values).toHaveLength(1);
	return values[0];
}

describe("a data flow", () => {
	const bySql = Object.entries(data_flow_checks).flatMap(([name, check]) =>
		typeof check === "object" && check.sql ? [{ name, sql: check.sql }] : [],
	);

	test.each(bySql)("gives a time by SQL: $name", async ({ sql }) => {
		expect(await one({ sql })).toBeInstanceOf(Date);
	});

	test("begins at the source, which tells when it last listed a content", async () => {
		const url = new URL("/source", running.url("data_sync"));
		const news = JSON.parse(await (await fetch(url)).text());
		const age = Date.now() - Date.parse(news.newest_listed_at);
		expect(news.listed).toBe(3000);
		expect(age).toBeGreaterThan(0);
		expect(age).toBeLessThan(10 * 60_000);
	});

	test("stands still from the source on, when that has come to an end", async () => {
		const { database } = running;
		await database.query("UPDATE demo.source SET ended_at = now()");
		const url = new URL("/source", running.url("data_sync"));
		const ask = async () => JSON.parse(await (await fetch(url)).text());
		const before = await ask();
		await database.query(
			"UPDATE demo.source SET began_at = began_at - interval '1 hour', ended_at = ended_at - interval '1 hour'",
		);
		const after = await ask();
		expect(
			Date.parse(before.newest_listed_at) - Date.parse(after.newest_listed_at),
		).toBe(3_600_000);
		await database.query(
			"UPDATE demo.source SET began_at = began_at + interval '1 hour', ended_at = NULL",
		);
	});
});

describe("a measurement", () => {
	test.each([["ml_model_accuracy"], ["data_quality_score"]])(
		"is a share: %s",
		async (name) => {
			const share = Number(await one(measurements[name]));
			expect(share).toBeGreaterThan(0.5);
			expect(share).toBeLessThan(1);
		},
	);

	test("counts what users do, and not what the monitor does", async () => {
		const rate = async () => Number(await one(measurements.user_activity_rate));
		const before = await rate();
		expect(before).toBeGreaterThanOrEqual(users.length / 5);
		const synthetic = { "x-synthetic": "monitor" };
		const [user = ""] = users;
		await recommendTo(user, synthetic);
		await fetch(running.url("content_feed"), { headers: synthetic });
		expect(await rate()).toBeCloseTo(before, 9);
		await recommendTo(user);
		await fetch(running.url("content_feed"));
		const manage = running.url("user_management");
		const signUp = await fetch(manage, {
			method: "POST",
			body: JSON.stringify({ name: "A", interests: ["sea"], region: "kanto" }),
		});
		const { data } = JSON.parse(await signUp.text());
		await fetch(`${manage}/${data.id}`, { method: "DELETE" });
		await fetch(`${manage}/${data.id}`, { method: "DELETE" });
		expect(await rate()).toBeCloseTo(before + 4 / 5, 9);
	});
});

describe("the recommender's pack", () => {
	test.each([
		["empty_recommendations", 0],
		["embedding_coverage", 1],
	] as const)("has the %s that there is: %d", async (name, share) => {
		expect(Number(await one(recommender[name]))).toBe(share);
	});

	test("has the share of the catalogue that is recommended to anyone", async () => {
		const coverage = Number(await one(recommender.catalogue_coverage));
		const { rows } = await running.database.query<{ content_ids: number[] }>(
			"SELECT content_ids FROM demo.recommendation_cache",
		);
		const all = new Set(rows.flatMap(({ content_ids }) => content_ids));
		const { rows: contents } = await running.database.query<{ id: number }>(
			"SELECT id FROM demo.contents",
		);
		const recommended = contents.filter(({ id }) => all.has(id));
		expect(coverage).toBeCloseTo(recommended.length / contents.length, 12);
		expect(coverage).toBeGreaterThan(0);
	});

	test("has the time of the training of the model in use", async () => {
		const time = await one(recommender.model_age);
		const { rows } = await running.database.query(
			"SELECT trained_at FROM demo.models ORDER BY version DESC LIMIT 1",
		);
		expect(rows).toEqual([{ trained_at: time }]);
	});

	test("has the scores of a hundred rankings of trained models", async () => {
		const scores = await column(recommender.score_drift?.sql ?? "");
		expect(scores).toHaveLength(100 * 50);
		expect(scores.every((score) => typeof score === "number")).toBe(true);
	});

	test("has how often each content is recommended, and zero for what is not", async () => {
		const counts = (await column(recommender.popularity?.sql ?? "")).map(
			Number,
		);
		expect(counts).toHaveLength(3000);
		expect(Math.min(...counts)).toBe(0);
		expect(Math.max(...counts)).toBeGreaterThan(1);
	});
});

describe("a flow's query", () => {
	const queries = Object.values(flows)
		.flatMap(({ steps }) => steps)
		.flatMap((step) => (step.sql ? [{ ...step, sql: step.sql }] : []));

	test.each(queries)(
		"gives what is expected: $name",
		async ({ sql, expect: expected }) => {
			const asked = sql.replaceAll(/\$\{\w+\}/g, "$1");
			const [user = ""] = users;
			const values = await column(asked, asked === sql ? [] : [user]);
			expect(values.map(String)).toEqual([String(expected)]);
		},
	);
});
