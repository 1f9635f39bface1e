import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { freePort } from "../../support/free-port.ts";
import { waitFor } from "../../support/wait-for.ts";
import { ruleFolder } from "./alert-files.ts";
import { Query } from "./promql.ts";

const answer = z.object({ status: z.literal("success"), data: z.unknown() });

/** A real Prometheus with the project's rules, which takes metrics by OTLP and scrapes itself. */
export class PrometheusServer {
	readonly url: string;
	readonly #child: ChildProcess;

	private constructor(url: string, child: ChildProcess) {
		this.url = url;
		this.#child = child;
	}

	/** @param folder of the test's own, where it keeps what it writes */
	static async start(
		program: string,
		folder: string,
	): Promise<PrometheusServer> {
		const port = await freePort();
		writeFileSync(
			join(folder, "prometheus.yml"),
			`global: { scrape_interval: 1s, evaluation_interval: 1s }
otlp: { translation_strategy: UnderscoreEscapingWithSuffixes }
rule_files: ["${ruleFolder}/*.yaml"]
scrape_configs:
  - job_name: prometheus
    static_configs: [{ targets: ["127.0.0.1:${port}"] }]
`,
		);
		const child = spawn(
			program,
			[
				"--config.file=prometheus.yml",
				"--web.enable-otlp-receiver",
				`--web.listen-address=127.0.0.1:${port}`,
				"--storage.tsdb.path=tsdb",
			],
			{ cwd: folder, stdio: "ignore" },
		);
		const server = new PrometheusServer(`http://127.0.0.1:${port}`, child);
		await waitFor(() =>
			fetch(`${server.url}/-/ready`).then(
				({ ok }) => ok,
				() => false,
			),
		);
		return server;
	}

	/**
	 * What the API answers to a question.
	 * @throws Error if it is none that Prometheus understands
	 */
	async ask(path: string, parameters: Record<string, string> = {}) {
		const query = new URLSearchParams(parameters);
		const response = await fetch(`${this.url}/api/v1/${path}?${query}`);
		const body: unknown = await response.json();
		const parsed = answer.safeParse(body);
		if (parsed.success) return parsed.data.data;
		throw new Error(`${parameters.query ?? path}: ${JSON.stringify(body)}`);
	}

	/** @throws Error if it is no PromQL */
	async parse(query: string): Promise<Query> {
		return new Query(await this.ask("parse_query", { query }));
	}

	async stop(): Promise<void> {
		if (this.#child.exitCode !== null) return;
		this.#child.kill("SIGKILL");
		await once(this.#child, "exit");
	}
}
