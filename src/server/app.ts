import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { HTTPException } from "hono/http-exception";
import { prometheusContentType } from "../telemetry/prometheus.ts";

export interface ServerParts {
	/** Everything but `/health` asks for it, if there is one. */
	readonly token?: string;
	/** All metrics in Prometheus' text format. */
	metrics(): Promise<string>;
	/** Why no data can be given yet; `undefined` when it can. */
	notReady(): string | undefined;
	/** What `/status` shows, as JSON. */
	status(): Promise<object>;
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

	app.onError((error, context) => {
		if (error instanceof HTTPException) return error.getResponse();
		parts.onError(error);
		return context.json({ error: "this failed inside; see the log" }, 500);
	});
	app.notFound((context) =>
		context.json(
			{
				error: `no ${context.req.method} here; there are /metrics, /health, /ready and /status`,
			},
			404,
		),
	);
	return app;
}
