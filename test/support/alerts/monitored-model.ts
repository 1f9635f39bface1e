import type { ConfigInput } from "../../../src/index.ts";
import { answering, Watching } from "../integration.ts";
import type { AlertingStack } from "./alerting-stack.ts";
import { anyMachine } from "./any-machine.ts";
import { SendingMonitor } from "./sending-monitor.ts";

/** A service that tells its model's accuracy, and a monitor that asks for that and watches an edge function. */
export class MonitoredModel {
	readonly #alerting: AlertingStack;
	readonly #environment: Readonly<Record<string, string>>;
	readonly #services = new Watching();
	#url = "";
	#monitor: SendingMonitor | undefined;

	/** @param environment of the monitor */
	constructor(
		alerting: AlertingStack,
		environment: Readonly<Record<string, string>>,
	) {
		this.#alerting = alerting;
		this.#environment = environment;
	}

	async start(): Promise<void> {
		this.#url = await this.#services.serve(answering(200, { accuracy: 0.9 }));
		await this.startMonitor();
	}

	/** @param change of its configuration */
	async startMonitor(change: ConfigInput = {}): Promise<void> {
		this.#monitor = await SendingMonitor.start(
			this.#alerting,
			{ ...this.#config(), ...change },
			{ environment: this.#environment },
		);
	}

	/** Starts it with another configuration. */
	async restartMonitor(change: ConfigInput = {}): Promise<void> {
		await this.endMonitor();
		await this.startMonitor(change);
	}

	async endMonitor(): Promise<void> {
		await this.#monitor?.end();
	}

	/** Ends the service too. */
	async end(): Promise<void> {
		await this.endMonitor();
		await this.#services.remove();
	}

	#config(): ConfigInput {
		const request = { url: this.#url };
		return {
			alert_thresholds: anyMachine,
			endpoints: { shop: `${this.#url}/functions/v1/shop` },
			measurements: { ml_model_accuracy: { request, json: "$.accuracy" } },
		};
	}
}
