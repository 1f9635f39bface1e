import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConfigInput } from "../../../src/index.ts";
import { LeashedProcess } from "../leashed-process.ts";
import {
	cleanEnvironment,
	removeFolder,
	temporaryFolder,
} from "../monitor-process.ts";
import type { AlertingStack } from "./alerting-stack.ts";

const program = fileURLToPath(
	new URL("../../fixtures/sending-monitor.ts", import.meta.url),
);

/** A monitor in a process and a folder of its own, which collects and sends each second. */
export class SendingMonitor {
	readonly #folder: string;
	readonly #process: LeashedProcess;

	private constructor(folder: string, process: LeashedProcess) {
		this.#folder = folder;
		this.#process = process;
	}

	/**
	 * Starts one, and waits until it has collected.
	 * @param options.within what goes before the program, such as nsenter(1)
	 */
	static async start(
		alerting: AlertingStack,
		config: ConfigInput,
		options: {
			readonly within?: readonly string[];
			readonly environment?: Readonly<Record<string, string>>;
		},
	): Promise<SendingMonitor> {
		const folder = temporaryFolder();
		const whole = {
			collection_interval: 1,
			check_interval: 1,
			prometheus_port: 0,
			log_level: "silent",
			...config,
		};
		writeFileSync(join(folder, "monitoring.yaml"), JSON.stringify(whole));
		const started = new LeashedProcess(
			[
				...(options.within ?? []),
				...["env", "-C", folder, process.execPath, program],
			],
			{
				...cleanEnvironment(),
				...alerting.environment,
				...options.environment,
			},
		);
		const monitor = new SendingMonitor(folder, started);
		try {
			await started.says();
		} catch (error) {
			await monitor.end();
			throw error;
		}
		return monitor;
	}

	async end(): Promise<void> {
		await this.#process.kill();
		removeFolder(this.#folder);
	}
}
