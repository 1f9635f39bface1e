// data_sync: keeps contents, ratings and embeddings as the source has them.
import { Hono } from "hono";
import { openDatabase } from "../../database/database.ts";
import { Models } from "../../database/models.ts";
import { Job } from "../job.ts";
import { createLog } from "../log.ts";
import { memoryUsagePercent } from "../memory.ts";
import { runService } from "../service.ts";
import { refresh } from "./refresh.ts";

const log = createLog("data_sync");
const pool = openDatabase("data_sync", (error) =>
	log.warn({ error: error.message }, "a connection to Postgres was lost"),
);
const models = new Models();
const sync = new Job("sync", () => refresh(pool, models), log);

const routes = new Hono()
	.get("/sync", (context) => context.json(sync.last ?? {}))
	.post("/sync", async (context) => context.json(await sync.run()))
	.get("/embeddings", (context) =>
		context.json({
			model_loaded: models.version !== undefined,
			model_version: models.version,
			memory_usage_percent: memoryUsagePercent(),
		}),
	);

sync.start(Number(process.env.SYNC_INTERVAL ?? 30));
await runService({ port: 8002, routes, pool, log, stop: () => sync.stop() });
