// Recommends contents to a user: the model's inference ranks them, Postgres knows their titles.
//   GET ?user_id=…&limit=…, or POST {"user_id": …, "limit": …}; a GET without a question is a health check
import process from "node:process";
import { corsHeaders } from "../_shared/cors.ts";
import { database, databaseAnswers, isSynthetic } from "../_shared/database.ts";
import {
	createHealthCheck,
	createLogger,
	createResponseHelper,
	withMonitoring,
} from "../_shared/monitoring/logger.ts";

const name = "enhanced_two_tower_recommendations";
const inference = process.env.INFERENCE_URL ?? "http://127.0.0.1:8003";

const logger = createLogger(name);
const respond = createResponseHelper(logger, corsHeaders);
const health = createHealthCheck(name, {
	database: databaseAnswers,
	inference: async () => (await fetch(`${inference}/health`)).ok,
});

export default withMonitoring(name)(
	async (request: Request): Promise<Response> => {
		const { searchParams } = new URL(request.url);
		const synthetic = isSynthetic(request);
		switch (request.method) {
			case "OPTIONS":
				return new Response(null, { status: 204, headers: corsHeaders });
			case "GET":
				return searchParams.size === 0
					? health()
					: recommend(Object.fromEntries(searchParams), synthetic);
			case "POST":
				return recommend(
					await request.json().catch(() => undefined),
					synthetic,
				);
			default:
				return respond.error("Use GET or POST", 405);
		}
	},
);

async function recommend(
	asked: unknown,
	synthetic: boolean,
): Promise<Response> {
	const { user_id, limit = 10 } = Object(asked);
	const problems = problemsOf(user_id, Number(limit));
	if (problems.length > 0) return respond.validationError(problems);
	logger.setUserContext(user_id);
	try {
		const ranking = await logger.monitorMLOperation(
			"generate_recommendations",
			() => rank(user_id, Number(limit)),
			"two_tower_768",
		);
		if (!ranking) return respond.error("There is no such user", 404);
		const contents = await logger.monitorDatabaseOperation("get_contents", () =>
			describe(ranking.recommendations, synthetic),
		);
		return respond.success({ ...ranking, recommendations: contents });
	} catch (error) {
		logger.error("Recommendations could not be made", error);
		return respond.error("Recommendations are not available now", 503);
	}
}

function problemsOf(userId: unknown, limit: number): string[] {
	const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
	return [
		...(isUuid.test(String(userId)) ? [] : ["user_id is not a UUID"]),
		...(Number.isInteger(limit) && limit >= 1 && limit <= 50
			? []
			: ["limit is not a whole number from 1 to 50"]),
	];
}

interface Ranking {
	readonly model_version: number;
	readonly cached: boolean;
	readonly recommendations: readonly Scored[];
}

interface Scored {
	readonly content_id: number;
	readonly score: number;
}

/** The inference's answer; undefined where there is no such user. */
async function rank(
	userId: string,
	limit: number,
): Promise<Ranking | undefined> {
	const answer = await fetch(`${inference}/recommendations`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ user_id: userId, limit }),
		signal: AbortSignal.timeout(5000),
	});
	if (answer.ok) return rankingIn(await answer.text());
	await answer.body?.cancel();
	if (answer.status === 404) return undefined;
	throw new Error(`the inference answered ${answer.status}`);
}

function rankingIn(text: string): Ranking {
	const answer = JSON.parse(text);
	if (Array.isArray(answer.recommendations)) return answer;
	throw new Error("the inference answered without recommendations");
}

/** What a person wants to know of contents; those that were withdrawn in between are left out. Notes what is shown. */
async function describe(scored: readonly Scored[], synthetic: boolean) {
	const { rows } = await database.query<{
		id: number;
		title: string;
		genre: string;
	}>(
		`WITH shown AS (
			SELECT id, title, genre FROM demo.contents WHERE id = ANY ($1::int[])
		), action AS (
			INSERT INTO demo.user_actions (action, items, synthetic)
			SELECT 'view_recommendations', count(*), $2 FROM shown
		)
		SELECT * FROM shown`,
		[scored.map(({ content_id }) => content_id), synthetic],
	);
	const known = new Map(rows.map(({ id, ...content }) => [id, content]));
	return scored.flatMap((one) => {
		const content = known.get(one.content_id);
		return content ? [{ ...one, ...content }] : [];
	});
}
