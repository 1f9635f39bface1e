import type pg from "pg";
import { afterAll, beforeAll, describe } from "vitest";
import type { ConfigInput } from "../../../src/index.ts";
import {
	AlertingStack,
	isAlertingMissing,
} from "../../support/alerts/alerting-stack.ts";
import { proofs } from "../../support/alerts/proofs.ts";
import { Watching } from "../../support/integration.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { waitFor } from "../../support/wait-for.ts";

/** In seconds. */
const day = 86_400;

let alerting: AlertingStack;
let postgres: PostgresServer;
let database: pg.Pool;
const watching = new Watching();

/** What a recommender leaves in its database: all of it good. */
const schema = `
	CREATE TABLE evaluations (at timestamptz DEFAULT now(), accuracy float8);
	INSERT INTO evaluations (accuracy) VALUES (0.75);
	CREATE TABLE models (name text, trained_at timestamptz, in_use boolean);
	INSERT INTO models VALUES
		('new', now(), true), ('old', now() - interval '8 days', false);
	CREATE TABLE scores (score float8);
	INSERT INTO scores SELECT i / 500.0 FROM generate_series(1, 500) i;
	CREATE TABLE answers (contents int);
	INSERT INTO answers SELECT 10 FROM generate_series(1, 100);
	CREATE TABLE contents (id int, embedding float8[]);
	INSERT INTO contents SELECT i, '{1, 0}' FROM generate_series(1, 100) i;
	CREATE TABLE recommended (content int);
	INSERT INTO recommended SELECT i FROM generate_series(1, 90) i;
	CREATE TABLE profiles (name text);
	INSERT INTO profiles VALUES ('complete'), (NULL);`;

const config: ConfigInput = {
	check_interval: 1,
	measurements: {
		ml_model_accuracy: {
			sql: "SELECT accuracy FROM evaluations ORDER BY at DESC LIMIT 1",
		},
		data_quality_score: {
			sql: "SELECT avg((name IS NOT NULL)::int) FROM profiles",
		},
	},
	recommender: {
		empty_recommendations: {
			sql: "SELECT avg((contents = 0)::int) FROM answers",
		},
		// What has no embedding is not recommended any more.
		catalogue_coverage: {
			sql: `SELECT count(*) / 100.0 FROM recommended JOIN contents ON content = id
				WHERE embedding IS NOT NULL`,
		},
		embedding_coverage: {
			sql: "SELECT avg((embedding IS NOT NULL)::int) FROM contents",
		},
		model_age: { sql: "SELECT trained_at FROM models WHERE in_use" },
		score_drift: { sql: "SELECT score FROM scores", baseline_size: 500 },
	},
};

beforeAll(async () => {
	if (isAlertingMissing) return;
	[alerting, postgres] = await Promise.all([
		AlertingStack.start(),
		startPostgres(),
	]);
	database = postgres.pool();
	await database.query(schema);
	process.env.DATABASE_URL = postgres.url();
	const monitor = await watching.start(config);
	await waitFor(async () =>
		(await (await fetch(`${await monitor.url()}/metrics`)).text()).includes(
			"adult_matching_recommender_score_psi",
		),
	);
});
afterAll(async () => {
	if (isAlertingMissing) return;
	delete process.env.DATABASE_URL;
	await watching.remove();
	await postgres?.stop();
	await alerting?.end();
});

/** Waits until there is an average of "the week before", which is what is older than a minute here. */
async function untilAverageOf(metric: string): Promise<void> {
	const average = `avg_over_time(${metric}[3h] offset 1m)`;
	await waitFor(
		async () => (await alerting.stack.value(average)) !== undefined,
		120,
	);
}

function emptyAnswers(percent: number): Promise<unknown> {
	return database.query(
		`UPDATE answers SET contents = 0 WHERE ctid IN (SELECT ctid FROM answers LIMIT ${percent})`,
	);
}

function fullAnswers(): Promise<unknown> {
	return database.query("UPDATE answers SET contents = 10");
}

function useModel(name: "old" | "new"): Promise<unknown> {
	return database.query("UPDATE models SET in_use = (name = $1)", [name]);
}

describe.skipIf(isAlertingMissing)("a real fault of the recommender", () => {
	const { together, alone, allOnRecord } = proofs(
		"recommender",
		() => alerting,
	);
	const component = "recommender";

	together({
		alert: "ModelAccuracyDrop",
		severity: "warning",
		component,
		fault: "a trained model predicts half rightly, where it was three quarters",
		shown: { from: 0.75, to: 0.5 },
		before: () => untilAverageOf("adult_matching_ml_model_accuracy"),
		break: () =>
			database.query("INSERT INTO evaluations (accuracy) VALUES (0.5)"),
		repair: () =>
			database.query("INSERT INTO evaluations (accuracy) VALUES (0.74)"),
	});
	together({
		alert: "CoverageDrop",
		severity: "warning",
		component,
		fault: "half of the contents lose their embeddings",
		shown: { query: "B", from: 0.9, to: 0.45 },
		before: () =>
			untilAverageOf("adult_matching_recommender_embedding_coverage"),
		break: () =>
			database.query("UPDATE contents SET embedding = NULL WHERE id % 2 = 0"),
		repair: () => database.query("UPDATE contents SET embedding = '{0, 1}'"),
	});
	together({
		alert: "ScoreDrift",
		severity: "warning",
		component,
		fault: "each of a recommender's scores is 0.3 higher than in its baseline",
		shown: { query: "D", from: { under: 0.25 }, to: { over: 0.25 } },
		break: () => database.query("UPDATE scores SET score = score + 0.3"),
		repair: () => database.query("UPDATE scores SET score = score - 0.3"),
	});
	together({
		alert: "EmptyRecommendations",
		severity: "warning",
		component,
		fault: "a tenth of the answers has no recommendation",
		shown: { from: 0, to: 0.1 },
		break: () => emptyAnswers(10),
		repair: fullAnswers,
	});
	together({
		alert: "ModelTooOld",
		severity: "warning",
		component,
		fault: "a model that was trained 8 days ago is put in use again",
		shown: { from: { under: 7 * day }, to: { over: 7 * day } },
		break: () => useModel("old"),
		repair: () => useModel("new"),
	});
	together({
		alert: "MeasurementFailing",
		severity: "warning",
		component,
		fault: "the table is gone that a measurement reads",
		shown: { query: "B", from: 0, to: 1 },
		break: () => database.query("ALTER TABLE profiles RENAME TO people"),
		repair: () => database.query("ALTER TABLE people RENAME TO profiles"),
	});

	alone({
		alert: "EmptyRecommendations",
		severity: "critical",
		component,
		fault: "two fifths of the answers have no recommendation",
		shown: { from: 0, to: 0.4 },
		break: () => emptyAnswers(40),
		repair: fullAnswers,
	});
	allOnRecord();
});
