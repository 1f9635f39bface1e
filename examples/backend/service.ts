import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { Faults } from "./faults.ts";

export interface Service {
	/** Where it listens, unless `PORT` says otherwise. */
	readonly port: number;
	readonly routes: Hono;
	readonly pool: Pool;
	readonly log: Logger;
	/** Ends what the service does by itself. */
	stop?(): Promise<void>;
}

/** Milliseconds that requests under way have to end in. */
const patience = 3000;
/** Milliseconds that Postgres has to answer a health check in. */
const databaseLimit = 2000;

/** Serves a backend until a signal ends it, or its parent process is gone. */
export async function runService(service: Service): Promise<void> {
	const { log, pool } = service;
	const server = createServer(getRequestListener(appOf(service).fetch));
	const port = await listen(server, Number(process.env.PORT ?? service.port));
	log.info({ port }, "listening");
	process.send?.({ port });
	onEnd(async () => {
		await Promise.all([close(server), service.stop?.()]);
		await pool.end();
		log.info("ended");
	});
}

function appOf({ routes, pool, log }: Service): Hono {
	const app = new Hono();
	const faults = new Faults();
	app.route("/", faults.routes);
	app.use(faults.middleware);
	app.get("/health", async (context) => {
		try {
			await inTime(pool.query("SELECT 1"));
			return context.json({ status: "healthy" });
		} catch (error) {
			log.warn({ error: String(error) }, "Postgres does not answer");
			return context.json({ status: "unhealthy" }, 503);
		}
	});
	app.route("/", routes);
	app.onError((error, context) => {
		log.error({ error: error.message }, `${context.req.path} failed`);
		return context.json({ error: "this failed inside; see the log" }, 500);
	});
	return app;
}

/** @throws Error if it takes longer than Postgres has */
async function inTime(work: Promise<unknown>): Promise<void> {
	const { promise: tooLate, reject } = Promise.withResolvers<never>();
	const timer = setTimeout(
		() => reject(new Error(`no answer within ${databaseLimit} ms`)),
		databaseLimit,
	);
	try {
		await Promise.race([work, tooLate]);
	} finally {
		clearTimeout(timer);
	}
}

/** Listens on this machine only, unless LISTEN_HOST says otherwise: on the port, or on any free one where it is taken. */
async function listen(server: Server, port: number): Promise<number> {
	const host = process.env.LISTEN_HOST || "127.0.0.1";
	try {
		server.listen(port, host);
		await once(server, "listening");
	} catch (error) {
		if (!isTaken(error)) throw error;
		server.listen(0, host);
		await once(server, "listening");
	}
	return addressOf(server).port;
}

function isTaken(error: unknown): boolean {
	return (
		error instanceof Error && "code" in error && error.code === "EADDRINUSE"
	);
}

function addressOf(server: Server): AddressInfo {
	const address = server.address();
	if (typeof address === "object" && address !== null) return address;
	throw new Error("the server has no port, though it listens");
}

async function close(server: Server): Promise<void> {
	const impatient = setTimeout(() => server.closeAllConnections(), patience);
	await new Promise((done) => server.close(done));
	clearTimeout(impatient);
}

/** The process ends by itself when nothing is open any more; so `register` can send what it has. */
function onEnd(end: () => Promise<void>): void {
	let isEnding = false;
	const endOnce = async () => {
		if (isEnding) return;
		isEnding = true;
		await end();
		if (process.connected) process.disconnect();
	};
	process.once("disconnect", endOnce);
	process.on("SIGTERM", endOnce);
	process.on("SIGINT", () => {
		// Ctrl-C reaches parent and children at once; with a parent, it is the parent that decides.
		if (!process.connected) void endOnce();
	});
}
