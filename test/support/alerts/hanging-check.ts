import type { ServerResponse } from "node:http";
import { answering, Watching } from "../integration.ts";

/** A monitor in this process whose only check may hang for minutes, as its only target does. */
export class HangingCheck {
	readonly #watching = new Watching();
	readonly #held: ServerResponse[] = [];
	#isHanging = false;

	async start(): Promise<void> {
		const url = await this.#watching.serve((request, response) => {
			if (this.#isHanging) this.#held.push(response);
			else answering(200)(request, response);
		});
		const request = { url, timeout: 120 };
		await this.#watching.start({
			check_interval: 1,
			flows: {
				long_flow: { timeout: 600, steps: [{ name: "ask", request }] },
			},
		});
	}

	hang(): void {
		this.#isHanging = true;
	}

	goOn(): void {
		this.#isHanging = false;
		for (const response of this.#held.splice(0)) response.end();
	}

	async end(): Promise<void> {
		this.goOn();
		await this.#watching.remove();
	}
}
