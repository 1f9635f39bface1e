// data_sync: keeps contents, ratings and embeddings as the source has them.
import { Hono } from "hono";
import { openDatabase } from "../../database/database.ts";
import { Models } from "../../database/models.ts";
import { intervals } from "../intervals.ts";
import { Job } from "../job.ts";
import { createLog } from "../log.ts";
import { memoryUsagePercent } from "../memory.ts";
import { runService } from "../service.ts";
import { refresh } from "./refresh.ts";
import { sourceNews } from "./source-news.ts";

const log = createLog("data_sync");
const pool = openDatabase("data_sync", (error) =>
	log.warn({ error: error.message }, "a connection to Postgres was lost"),
);
const models = new Models();
const sync = new Job("sync", () => refresh(pool, models), log);

const routes = new Hono()
	.get("/sync", (context) =>
		context.json({ is_paused: sync.isPaused, ...sync.last }),
	)
	.post("/sync", async (context) =>
		sync.isPaused
			? context.json({ error: "syncs are paused" }, 503)
			: context.json(await sync.run()),
	)
	.post("/sync/pause", (context) => {
		sync.isPaused = true;
		return context.json({ is_paused: true });
	})
	.post("/sync/resume", (context) => {
		sync.isPaused = false;
		return context.json({ is_paused: false });
	})
	.get("/source", async (context) => context.json(await sourceNews(pool)))
	.get("/embeddings", (context) =>
		context.json({
			model_loaded: models.version !== undefined,
			model_version: models.version,
			memory_usage_percent: memoryUsagePercent(),
		}),
	);

sync.start(intervals().sync);
await runService({ port: 8002, routes, pool, log, stop: () => sync.stop() });
