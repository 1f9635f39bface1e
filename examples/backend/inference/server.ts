// The model's inference: recommends contents to a user.
import { metrics } from "@opentelemetry/api";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { openDatabase } from "../../database/database.ts";
import { intervals } from "../intervals.ts";
import { Job } from "../job.ts";
import { createLog } from "../log.ts";
import { memoryUsagePercent } from "../memory.ts";
import { runService } from "../service.ts";
import { longestRanking, Recommender, UnloadedError } from "./recommender.ts";
import { renewOldest } from "./renew-oldest.ts";

const log = createLog("inference");
const pool = openDatabase("inference", (error) =>
	log.warn({ error: error.message }, "a connection to Postgres was lost"),
);
const recommender = new Recommender(pool);
const renewal = new Job("renewal", () => renewOldest(pool, recommender), log);

const latency = metrics
	.getMeter("demo")
	.createHistogram("adult_matching_recommendation_latency_seconds", {
		unit: "s",
		advice: {
			explicitBucketBoundaries: [
				0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10,
			],
		},
	});

const question = z.object({
	user_id: z.uuid(),
	limit: z.int().min(1).max(longestRanking).default(10),
});

const routes = new Hono()
	.post("/recommendations", async (context) => {
		const begin = performance.now();
		const asked = question.safeParse(await context.req.json().catch(() => {}));
		if (!asked.success) {
			return context.json({ error: z.prettifyError(asked.error) }, 400);
		}
		const { user_id, limit } = asked.data;
		const answer = await recommender.recommend(user_id);
		if (!answer) return context.json({ error: "no such user" }, 404);
		const recommendations = answer.recommendations.slice(0, limit);
		const { cached, model_version } = answer;
		log.info({ count: recommendations.length, cached }, "recommended");
		latency.record((performance.now() - begin) / 1000);
		return context.json({ user_id, model_version, cached, recommendations });
	})
	.get("/model", (context) => context.json(modelReport()))
	.put("/model", async (context) => {
		await recommender.load();
		return context.json(modelReport());
	})
	.delete("/model", (context) => {
		recommender.unload();
		return context.json(modelReport());
	})
	.onError(unloadedOr);

function modelReport() {
	const { model_version, contents } = recommender.loaded;
	return {
		model_loaded: model_version !== undefined,
		memory_usage_percent: memoryUsagePercent(),
		model_version,
		contents,
	};
}

/** Any other error is told by the service. */
function unloadedOr(error: Error, context: Context): Response {
	if (!(error instanceof UnloadedError)) throw error;
	return context.json({ error: error.message }, 503);
}

await recommender.load();
renewal.start(intervals().renewal);
await runService({
	port: 8003,
	routes,
	pool,
	log,
	stop: () => renewal.stop(),
});
