import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestDemo, type TestDemo } from "../support/demo.ts";
import { waitFor } from "../support/wait-for.ts";

let running: TestDemo;

beforeAll(async () => {
	running = await startTestDemo();
	// What runs at the start, is waited for.
	await Promise.all([
		post("data_sync", "/sync"),
		post("ml_training", "/train"),
	]);
});
afterAll(() => running.stop());

async function post(service: string, path: string) {
	const url = new URL(path, running.url(service));
	const response = await fetch(url, { method: "POST" });
	expect(response.status).toBe(200);
	return JSON.parse(await response.text());
}

async function query<Row extends object>(sql: string): Promise<Row[]> {
	return (await running.database.query<Row>(sql)).rows;
}

async function contentIds(): Promise<number[]> {
	const rows = await query<{ id: number }>("SELECT id FROM demo.contents");
	return rows.map(({ id }) => id);
}

async function letHoursPass(hours: number): Promise<void> {
	await query(
		`UPDATE demo.source SET began_at = began_at - interval '${hours} hours'`,
	);
}

async function timeOf(flow: string): Promise<number> {
	const check = running.demo.config.data_flow_checks[flow];
	const sql = typeof check === "object" ? (check.sql ?? "") : "";
	const [row] = await query<{ max: Date }>(sql);
	return row?.max.getTime() ?? Number.NaN;
}

describe("a sync", () => {
	test("takes what is new in the source, removes what is withdrawn, and embeds every content", async () => {
		const before = await contentIds();
		await letHoursPass(1);
		const told = await post("data_sync", "/sync");
		const after = await contentIds();
		const added = after.filter((id) => !before.includes(id));
		const withdrawn = before.filter((id) => !after.includes(id));
		expect(told).toMatchObject({
			listed: 3000,
			added: added.length,
			withdrawn: withdrawn.length,
		});
		expect(added.length).toBeGreaterThan(0);
		expect(after).toHaveLength(3000);
		expect(
			await query(
				`SELECT id FROM demo.contents
				LEFT JOIN demo.content_embeddings ON content_id = id
				WHERE embedding IS NULL OR length(embedding) <> 768 * 4`,
			),
		).toEqual([]);
	});

	test.each(["dmm_sync_freshness", "embedding_update_freshness"])(
		"makes the data flow %s young again",
		async (flow) => {
			const before = await timeOf(flow);
			await letHoursPass(1);
			await post("data_sync", "/sync");
			expect(await timeOf(flow)).toBeGreaterThan(before);
		},
	);

	test("leaves alone what has not changed", async () => {
		const read = async () => {
			const rows = await query("SELECT id, synced_at FROM demo.contents");
			return rows.map((row) => JSON.stringify(row));
		};
		await post("data_sync", "/sync");
		const before = new Set(await read());
		await letHoursPass(1);
		const { added } = await post("data_sync", "/sync");
		const same = (await read()).filter((row) => before.has(row));
		expect(same).toHaveLength(3000 - added);
	});
});

test("a run that is asked for twice at the same time is done once, and told to both", async () => {
	await letHoursPass(1);
	const [one, other] = await Promise.all([
		post("data_sync", "/sync"),
		post("data_sync", "/sync"),
	]);
	expect(one.added).toBeGreaterThan(0);
	expect(other).toEqual(one);
});

test("recommendations are kept ready for some who have not asked", async () => {
	await waitFor(async () => {
		const kept = await query("SELECT FROM demo.recommendation_cache");
		return kept.length >= 20;
	});
});

test("a recommendation makes the data flow recommendation_cache_freshness young again, unless it is the monitor's probe", async () => {
	const before = await timeOf("recommendation_cache_freshness");
	await letHoursPass(1);
	await post("data_sync", "/sync");
	const url = new URL(running.url("enhanced_recommendations"));
	await fetch(url);
	expect(await timeOf("recommendation_cache_freshness")).toBe(before);
	url.search = "?user_id=00000000-0000-4000-8000-000000000700";
	await fetch(url);
	expect(await timeOf("recommendation_cache_freshness")).toBeGreaterThan(
		before,
	);
});

interface ModelRow {
	readonly version: number;
	readonly trained_at: Date;
	readonly accuracy: number;
	readonly data_quality: number;
	readonly held_out: number;
}

async function newestModel(): Promise<ModelRow> {
	const [row] = await query<ModelRow>(
		"SELECT * FROM demo.models ORDER BY version DESC LIMIT 1",
	);
	if (!row) throw new Error("there is no model");
	return row;
}

interface PredictionRow {
	readonly id: string;
	readonly model_version: number;
	readonly likelihood: number;
	readonly stars: number;
}

describe("a training", () => {
	test("has the accuracy that its predictions have on ratings that it was not trained on", async () => {
		const told = await post("ml_training", "/train");
		const model = await newestModel();
		const predictions = await query<PredictionRow>(
			`SELECT rating.id, model_version, likelihood, stars
			FROM demo.predictions JOIN demo.ratings rating ON rating.id = rating_id`,
		);
		const right = predictions.filter(
			({ likelihood, stars }) => likelihood >= 0.5 === stars >= 4,
		);
		expect(model.accuracy).toBeCloseTo(right.length / predictions.length, 12);
		expect(predictions).toHaveLength(model.held_out);
		expect(predictions.every(({ id }) => Number(id) % 5 === 0)).toBe(true);
		expect(new Set(predictions.map((row) => row.model_version))).toEqual(
			new Set([model.version]),
		);
		expect(told).toMatchObject({
			model_version: model.version,
			accuracy: model.accuracy,
			data_quality: model.data_quality,
		});
	});

	test("has learnt: it is right more often than who always gives the usual answer", async () => {
		const { accuracy } = await newestModel();
		const rows = await query<{ stars: number }>(
			"SELECT stars FROM demo.ratings JOIN demo.predictions ON id = rating_id",
		);
		const liked = rows.filter(({ stars }) => stars >= 4).length / rows.length;
		expect(accuracy).toBeGreaterThan(Math.max(liked, 1 - liked) + 0.05);
	});

	test("has the data quality that the held-out ratings have, which falls when users go", async () => {
		const before = await newestModel();
		await query(
			"DELETE FROM demo.users WHERE id < '00000000-0000-4000-8000-000000000100'",
		);
		await post("ml_training", "/train");
		const after = await newestModel();
		const ratings = await query<{
			id: string;
			user_id: string;
			stars: number;
			rated_at: Date;
		}>("SELECT id, user_id, stars, rated_at FROM demo.ratings");
		const users = await query<{ id: string }>("SELECT id FROM demo.users");
		const known = new Set(users.map(({ id }) => id));
		const heldOut = ratings.filter(({ id }) => Number(id) % 5 === 0);
		const sound = heldOut.filter(
			({ user_id, stars, rated_at }) =>
				known.has(user_id) &&
				stars >= 1 &&
				stars <= 5 &&
				rated_at <= after.trained_at,
		);
		expect(after.data_quality).toBeCloseTo(sound.length / heldOut.length, 12);
		expect(after.data_quality).toBeLessThan(before.data_quality);
		expect(after.version).toBe(before.version + 1);
	});

	test("leaves the service able to answer health checks", async () => {
		let isTrained = false;
		const training = post("ml_training", "/train").then(() => {
			isTrained = true;
		});
		const { status } = await fetch(running.url("ml_training"));
		expect({ status, isTrained }).toEqual({ status: 200, isTrained: false });
		await training;
	});

	test("reaches the recommendations with the next sync", async () => {
		const { version } = await newestModel();
		const { embedded } = await post("data_sync", "/sync");
		expect(embedded).toBe(3000);
		const url = new URL(running.url("enhanced_recommendations"));
		url.search = "?user_id=00000000-0000-4000-8000-000000000500";
		const { data } = JSON.parse(await (await fetch(url)).text());
		expect(data.model_version).toBe(version);
	});
});
