import { expect } from "vitest";
import { fixture, InstrumentedServer } from "../instrumented-server.ts";
import { cumulativeCount } from "../stack/requests.ts";
import { waitFor } from "../wait-for.ts";
import type { AlertingStack } from "./alerting-stack.ts";
import { EdgeFunction } from "./edge-function.ts";
import { HangingCheck } from "./hanging-check.ts";
import { MonitoredDatabase } from "./monitored-database.ts";
import { MonitoredModel } from "./monitored-model.ts";

/** A metric that each kind of sender sends. */
export const sent = {
	monitor: "adult_matching_ml_model_accuracy",
	backend: "adult_matching_requests_total",
	edge: "adult_matching_edge_requests_total",
};

/** All kinds of what sends to the pipeline: monitors, a backend and an edge function. */
export class Senders {
	readonly database: MonitoredDatabase;
	readonly model: MonitoredModel;
	readonly hangingCheck = new HangingCheck();
	readonly #alerting: AlertingStack;
	readonly #edgeFunction: EdgeFunction;
	#backend: InstrumentedServer | undefined;

	private constructor(alerting: AlertingStack, database: MonitoredDatabase) {
		this.#alerting = alerting;
		this.database = database;
		// It reads the database too.
		this.model = new MonitoredModel(alerting, database.environment);
		this.#edgeFunction = new EdgeFunction(alerting);
	}

	/** Starts them, and waits until Prometheus has something of each kind. */
	static async start(alerting: AlertingStack): Promise<Senders> {
		const senders = new Senders(alerting, await MonitoredDatabase.start());
		try {
			await senders.#start();
		} catch (error) {
			await senders.end();
			throw error;
		}
		return senders;
	}

	async startBackend(): Promise<void> {
		this.#backend = new InstrumentedServer(fixture("hono-tiny.mjs"), {
			...this.#alerting.environment,
			OTEL_SERVICE_NAME: "backend",
		});
		await this.#backend.get("/");
	}

	async killBackend(): Promise<void> {
		await this.#backend?.kill();
	}

	/** Sends what was measured so many hours ago. */
	async sendOldSample(hours: number): Promise<void> {
		const time = Date.now() - hours * 3_600_000;
		const { otlp } = this.#alerting.stack.urls;
		const response = await fetch(`${otlp}/v1/metrics`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: cumulativeCount("old_total", 1, time - 1000, time),
		});
		expect(response.status).toBe(200);
	}

	async end(): Promise<void> {
		await this.model.end();
		await this.hangingCheck.end();
		await this.killBackend();
		await this.#edgeFunction.end();
		await this.database.stop();
	}

	async #start(): Promise<void> {
		await Promise.all([this.hangingCheck.start(), this.startBackend()]);
		await this.database.startMonitor(this.#alerting);
		await this.model.start();
		const { stack } = this.#alerting;
		for (const metric of Object.values(sent)) {
			await waitFor(async () => (await stack.query(metric)).length > 0, 60);
		}
	}
}
