import { samplesOf } from "../prometheus-text.ts";
import { edgeRequests } from "../stack/requests.ts";
import type { TestStack } from "../stack.ts";

/** The collector's queue to Tempo, as the collector tells of it. */
export class TempoQueue {
	readonly #stack: TestStack;

	constructor(stack: TestStack) {
		this.#stack = stack;
	}

	/** How full it is, from 0 to 1. */
	async #share(): Promise<number> {
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

	/** Sends spans until it is so full. */
	async fill(share: number): Promise<void> {
		while ((await this.#share()) < share) await this.#send();
	}

	/** Sends spans until the collector refuses them. */
	async overfill(): Promise<void> {
		while (await this.#send());
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
