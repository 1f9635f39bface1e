import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { freePort } from "../free-port.ts";

/** What Prometheus scrapes in Grafana's place, and that can go away. */
export class GrafanaPlace {
	readonly #port: number;
	readonly #server = createServer((_, response) => {
		response.setHeader("content-type", "text/plain; version=0.0.4");
		response.end();
	});

	private constructor(port: number) {
		this.#port = port;
	}

	static async start(): Promise<GrafanaPlace> {
		const place = new GrafanaPlace(await freePort());
		await place.open();
		return place;
	}

	/** Has Prometheus scrape it, by the copy of prometheus.yml in a folder. */
	prepare(folder: string): void {
		const file = join(folder, "prometheus.yml");
		const config = readFileSync(file, "utf8");
		const target =
			/(?<=job_name: grafana\s+static_configs:\s+- targets: \[)[^\]]+/;
		writeFileSync(file, config.replace(target, `127.0.0.1:${this.#port}`));
	}

	async open(): Promise<void> {
		this.#server.listen(this.#port, "127.0.0.1");
		await once(this.#server, "listening");
	}

	close(): void {
		this.#server.close();
		this.#server.closeAllConnections();
	}
}
