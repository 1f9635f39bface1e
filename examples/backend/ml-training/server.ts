// ml_training: learns from the ratings what users like, and measures how well.
import { metrics } from "@opentelemetry/api";
import { Hono } from "hono";
import { openDatabase } from "../../database/database.ts";
import { newestRecord } from "../../database/models.ts";
import { intervals } from "../intervals.ts";
import { Job } from "../job.ts";
import { createLog } from "../log.ts";
import { memoryUsagePercent } from "../memory.ts";
import { runService } from "../service.ts";
import { train } from "./run.ts";

const log = createLog("ml_training");
const pool = openDatabase("ml_training", (error) =>
	log.warn({ error: error.message }, "a connection to Postgres was lost"),
);

const meter = metrics.getMeter("demo");
const accuracy = meter.createGauge("adult_matching_ml_model_accuracy", {
	unit: "{accuracy}",
});
const quality = meter.createGauge("adult_matching_data_quality_score", {
	unit: "{score}",
});

const training = new Job(
	"training",
	async () => {
		const trained = await train(pool);
		if (trained.accuracy !== undefined) accuracy.record(trained.accuracy);
		if (trained.data_quality !== undefined)
			quality.record(trained.data_quality);
		return trained;
	},
	log,
);

const routes = new Hono()
	.post("/train", async (context) => context.json(await training.run()))
	.get("/training/status", async (context) => {
		const model = await newestRecord(pool);
		return context.json({
			model_loaded: typeof model?.accuracy === "number",
			memory_usage_percent: memoryUsagePercent(),
			model,
			last_run: training.last,
		});
	});

training.start(intervals().training);
await runService({
	port: 8001,
	routes,
	pool,
	log,
	stop: () => training.stop(),
});
