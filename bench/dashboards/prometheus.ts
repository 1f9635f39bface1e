import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { programPath } from "../../scripts/programs/cache.ts";
import { Part } from "../../scripts/stack/part.ts";
import { prometheusFlags } from "../../scripts/stack/prometheus-flags.ts";
import { type Ask, prometheusAt } from "../../test/support/dashboards/ask.ts";
import { freePort } from "../../test/support/free-port.ts";

/** Gives the real Prometheus, with the project's flags, on what is in a folder to be asked. */
export async function withPrometheus(
	folder: string,
	work: (ask: Ask) => Promise<void>,
): Promise<void> {
	const url = `http://127.0.0.1:${await freePort()}`;
	const config = join(folder, "prometheus.yml");
	writeFileSync(config, "{}");
	const part = new Part({
		name: "prometheus",
		command: programPath("prometheus"),
		args: [
			`--config.file=${config}`,
			`--storage.tsdb.path=${folder}`,
			`--web.listen-address=${new URL(url).host}`,
			...prometheusFlags,
		],
		ready: `${url}/-/ready`,
		log: join(folder, "prometheus.log"),
		environment: {},
	});
	await part.start();
	try {
		await work(prometheusAt(url));
	} finally {
		await part.end("SIGKILL");
	}
}
