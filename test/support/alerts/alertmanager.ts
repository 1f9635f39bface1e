import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeAlertmanagerConfig } from "../../../scripts/stack/config-files.ts";
import { Part } from "../../../scripts/stack/part.ts";
import { freePort } from "../free-port.ts";
import { removeFolder, temporaryFolder } from "../monitor-process.ts";
import { program } from "../program.ts";
import { Slack } from "./slack.ts";

const { path: command, isMissing } = program("alertmanager");
export const isAlertmanagerMissing = isMissing;

export interface TestAlert {
	readonly labels: Readonly<Record<string, string>>;
	readonly annotations?: Readonly<Record<string, string>>;
	readonly startsAt?: string;
	readonly endsAt?: string;
}

/** The real Alertmanager with the project's files, in which only waiting is shorter, and a server in Slack's place. */
export class TestAlertmanager {
	readonly url: string;
	readonly slack: Slack;
	readonly folder: string;
	readonly #part: Part;

	private constructor(url: string, slack: Slack, folder: string, part: Part) {
		this.url = url;
		this.slack = slack;
		this.folder = folder;
		this.#part = part;
	}

	/** @param settings what a user sets beside the address of Slack */
	static async start(
		settings: Readonly<Record<string, string>> = {},
	): Promise<TestAlertmanager> {
		const slack = await Slack.start();
		const folder = temporaryFolder();
		const config = writeConfig(folder, {
			ALERT_WEBHOOK_URL: slack.url,
			...settings,
		});
		const address = `127.0.0.1:${await freePort()}`;
		const part = new Part({
			name: "alertmanager",
			command,
			args: [
				`--config.file=${config}`,
				`--storage.path=${join(folder, "data")}`,
				`--web.listen-address=${address}`,
				"--web.external-url=http://localhost:9093",
				"--web.route-prefix=/",
				"--cluster.listen-address=",
			],
			ready: `http://${address}/-/ready`,
			log: join(folder, "log"),
		});
		const all = new TestAlertmanager(`http://${address}`, slack, folder, part);
		try {
			await part.start();
		} catch (error) {
			await all.end();
			throw error;
		}
		return all;
	}

	async send(...alerts: readonly TestAlert[]): Promise<void> {
		const response = await fetch(`${this.url}/api/v2/alerts`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify(alerts),
		});
		if (!response.ok) throw new Error(await response.text());
	}

	async end(): Promise<void> {
		await this.#part.end("SIGKILL");
		this.slack.close();
		removeFolder(this.folder);
	}
}

function writeConfig(
	folder: string,
	settings: Readonly<Record<string, string>>,
): string {
	const config = writeAlertmanagerConfig(folder, settings);
	if (config === undefined) throw new Error("there is no alertmanager.yml");
	const text = readFileSync(config, "utf8");
	writeFileSync(
		config,
		text.replaceAll(/group_(wait|interval): .*/g, "group_$1: 1s"),
	);
	return config;
}
