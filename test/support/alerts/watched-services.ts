import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { ConfigInput, IntegrationMonitor } from "../../../src/index.ts";
import { answering, Watching } from "../integration.ts";
import { waitFor } from "../wait-for.ts";
import type { AlertingStack } from "./alerting-stack.ts";
import { CertifiedServer } from "./certified-server.ts";

const token = "token-of-the-jobs-in-this-test";

/** What a watched service answers at present, and after how many milliseconds. */
interface Answer {
	status: number;
	body: object;
	delay: number;
}

/** Services that answer well until a test changes that, and a monitor in this process with a check of each. */
export class WatchedServices {
	readonly certified: CertifiedServer;
	readonly #alerting: AlertingStack;
	readonly #watching = new Watching();
	readonly #answers = new Map<string, Answer>();
	/** Where a job reports. */
	#heartbeat = "";

	private constructor(alerting: AlertingStack, certified: CertifiedServer) {
		this.#alerting = alerting;
		this.certified = certified;
	}

	/** Starts them, and waits until all are found healthy. */
	static async start(alerting: AlertingStack): Promise<WatchedServices> {
		const services = new WatchedServices(
			alerting,
			await CertifiedServer.start(),
		);
		try {
			await services.#watch();
		} catch (error) {
			await services.end();
			throw error;
		}
		return services;
	}

	change(name: string, by: Partial<Answer>): void {
		const answer = this.#answers.get(name);
		if (answer === undefined) throw new Error(`no service is named ${name}`);
		Object.assign(answer, by);
	}

	/** The service's newest data is so many hours old. */
	age(name: string, hours: number): void {
		const newest = new Date(Date.now() - hours * 3_600_000).toISOString();
		this.change(name, { body: { newest } });
	}

	/** The nightly job says how it went. */
	async report(state: "ok" | "fail"): Promise<void> {
		const response = await fetch(`${this.#heartbeat}?state=${state}`, {
			method: "POST",
			headers: { authorization: `Bearer ${token}` },
		});
		expect(response.status).toBe(204);
	}

	/** Waits until a component has so many checks that a few failures are a small share of them. */
	async manyChecks(component: string): Promise<void> {
		const count = `count_over_time(${uptime(component)}[5m])`;
		await waitFor(
			async () => ((await this.#alerting.stack.value(count)) ?? 0) > 30,
			120,
		);
	}

	/** A service fails until its uptime is so low, and is well again then. */
	async failUntilUptime(name: string, percent: number): Promise<void> {
		this.change(name, { status: 500 });
		await waitFor(async () => {
			const value = await this.#alerting.stack.value(uptime(name));
			return value !== undefined && value < percent;
		}, 60);
		this.change(name, { status: 200 });
	}

	/** Another monitor in the place of the one that watches them. */
	async watchOnly(config: ConfigInput): Promise<IntegrationMonitor> {
		await this.#watching.stop();
		return this.#watching.start(config);
	}

	endWatching(): Promise<void> {
		return this.#watching.stop();
	}

	async end(): Promise<void> {
		await this.#watching.remove();
		this.certified.end();
		delete process.env.HEARTBEAT_TOKEN;
	}

	async #watch(): Promise<void> {
		process.env.HEARTBEAT_TOKEN = token;
		const monitor = await this.#watching.start(await this.#config());
		this.#heartbeat = `${await monitor.url()}/heartbeats/nightly_sync`;
		await this.report("ok");
		await waitFor(
			async () => (await monitor.getIntegrationHealth()).state === "healthy",
		);
	}

	async #config(): Promise<ConfigInput> {
		return {
			check_interval: 1,
			failures_before_unhealthy: 2,
			// Milliseconds: longer than a busy machine takes.
			alert_thresholds: {
				response_time_warning: 3000,
				response_time_critical: 6000,
			},
			endpoints: {
				content_feed: `${await this.#serve("content_feed")}/functions/v1/content_feed`,
				data_sync: await this.#serve("data_sync"),
				user_management: await this.#serve("user_management"),
				ml_training: await this.#serve("ml_training"),
				seldom_down: await this.#serve("seldom_down"),
				often_down: await this.#serve("often_down"),
				with_certificate: this.certified.url,
			},
			ml_endpoints: {
				model_inference: await this.#serve("model_inference", {
					model_loaded: true,
					memory_usage_percent: 10,
				}),
			},
			flows: {
				user_flow: {
					steps: [
						{ name: "ask", request: { url: await this.#serve("user_flow") } },
					],
				},
			},
			data_flow_checks: {
				source_freshness: await this.#dataFlow("source_freshness"),
				sync_freshness: await this.#dataFlow("sync_freshness"),
				cache_freshness: await this.#dataFlow("cache_freshness"),
			},
			heartbeats: { nightly_sync: 3600 },
		};
	}

	async #dataFlow(name: string) {
		const url = await this.#serve(name);
		this.age(name, 0);
		return { max_age: 600, request: { url }, json: "$.newest" };
	}

	/** Starts a service that answers well; gives its address. */
	async #serve(name: string, body: object = {}): Promise<string> {
		const answer: Answer = { status: 200, body, delay: 0 };
		this.#answers.set(name, answer);
		return this.#watching.serve(async (request, response) => {
			await sleep(answer.delay);
			answering(answer.status, answer.body)(request, response);
		});
	}
}

function uptime(component: string): string {
	return `adult_matching_component_uptime_percent{window="24h",component="${component}"}`;
}
