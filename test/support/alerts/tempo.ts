import { samplesOf } from "../prometheus-text.ts";
import { edgeRequests } from "../stack/requests.ts";
import type { TestStack } from "../stack.ts";

/** What takes the traces in Tempo's place, and the collector's queue to it, as the collector tells of it. */
export class Tempo {
	readonly #stack: TestStack;

	constructor(stack: TestStack) {
		this.#stack = stack;
	}

	start(): Promise<void> {
		return this.#stack.programs.sink.start();
	}

	kill(): Promise<void> {
		return this.#stack.programs.sink.end("SIGKILL");
	}

	/** Kills it, and sends spans until the queue to it is so full, from 0 to 1. */
	async killUntilQueued(share: number): Promise<void> {
		await this.kill();
		while ((await this.#queued()) < share) await this.#send();
	}

	/** Kills it, and sends spans until the collector refuses them. */
	async killUntilRefused(): Promise<void> {
		await this.kill();
		while (await this.#send());
	}

	/** How full the queue is. */
	async #queued(): Promise<number> {
		const url = `${this.#stack.urls.collectorMetrics}/metrics`;
		const samples = samplesOf(await (await fetch(url)).text());
		const value = (name: string) =>
			samples.find(
				(sample) =>
					sample.name === `otelcol_exporter_queue_${name}` &&
					sample.labels.exporter === "otlp_http/tempo",
			)?.value ?? Number.NaN;
		return value("size") / value("capacity");
	}

	/** Whether they were taken. */
	async #send(): Promise<boolean> {
		const response = await fetch(`${this.#stack.urls.otlp}/v1/traces`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: edgeRequests(20).traces,
		});
		await response.arrayBuffer();
		return response.ok;
	}
}
