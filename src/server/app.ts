import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { HTTPException } from "hono/http-exception";
import { prometheusContentType } from "../telemetry/prometheus.ts";
import { type JobReport, readJobReport } from "./job-report.ts";

export interface ServerParts {
	/** Everything but `/health` and `/heartbeats` asks for it, if there is one. */
	readonly token?: string | undefined;
	/** `/heartbeats` asks for it, and takes nothing where there is none. */
	readonly heartbeatToken?: string | undefined;
	/** All metrics in Prometheus' text format. */
	metrics(): Promise<string>;
	/** Why no data can be given yet; `undefined` when it can. */
	notReady(): string | undefined;
	/** What `/status` shows, as JSON. */
	status(): Promise<object>;
	/** What `/status/<group>/<name>` shows; undefined where there is no such component. */
	details(group: string, name: string): Promise<object | undefined>;
	/** Takes a job's report; false where no such job is awaited. */
	takeReport(name: string, report: JobReport): boolean;
	/** Told of what went wrong inside; the client is not. */
	onError(error: Error): void;
}

/** The routes of the monitor's own server. */
export function createApp(parts: ServerParts): Hono {
	const app = new Hono();
	app.use(async (context, next) => {
		await next();
		context.header("Cache-Control", "no-store");
		context.header("X-Content-Type-Options", "nosniff");
	});

	// Liveness: whether to restart this process, which what it watches must not decide.
	app.get("/health", (context) => context.json({ status: "ok" }));

	if (parts.heartbeatToken !== undefined) {
		app.use("/heartbeats/*", bearerAuth({ token: parts.heartbeatToken }));
		app.post("/heartbeats/:name", (context) => {
			const name = context.req.param("name");
			const report = readJobReport(context.req.query());
			if (Array.isArray(report)) return context.json({ errors: report }, 400);
			return parts.takeReport(name, report)
				? context.body(null, 204)
				: context.json({ error: `no heartbeat is named ${name}` }, 404);
		});
	}
	if (parts.token !== undefined) {
		app.use(bearerAuth({ token: parts.token }));
	}
	app.get("/metrics", async (context) =>
		context.body(await parts.metrics(), 200, {
			"Content-Type": prometheusContentType,
		}),
	);
	app.get("/ready", (context) => {
		const reason = parts.notReady();
		return reason === undefined
			? context.json({ status: "ready" })
			: context.json({ status: "not ready", reason }, 503);
	});
	app.get("/status", async (context) => context.json(await parts.status()));
	app.get("/status/:group/:name", async (context) => {
		const { group, name } = context.req.param();
		const details = await parts.details(group, name);
		return details
			? context.json(details)
			: context.json({ error: `no ${name} is in ${group}; see /status` }, 404);
	});

	app.onError((error, context) => {
		if (error instanceof HTTPException) return error.getResponse();
		parts.onError(error);
		return context.json({ error: "this failed inside; see the log" }, 500);
	});
	app.notFound((context) =>
		context.json(
			{
				error: `no ${context.req.method} here; there are /metrics, /health, /ready, /status, /status/<group>/<name> and POST /heartbeats/<name>`,
			},
			404,
		),
	);
	return app;
}
