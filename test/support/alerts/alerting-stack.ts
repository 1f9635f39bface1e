import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { collectorConfig } from "../../../scripts/stack/config-files.ts";
import type { StackOptions } from "../../../scripts/stack/stack.ts";
import { ruleFolder } from "../../unit/alerts/alert-files.ts";
import { temporaryFolder } from "../monitor-process.ts";
import { program } from "../program.ts";
import { isStackMissing, TestStack } from "../stack.ts";
import { waitFor } from "../wait-for.ts";
import { scaledRules } from "./scaled-rules.ts";
import { Slack } from "./slack.ts";

export const isAlertingMissing =
	isStackMissing || program("alertmanager").isMissing;

const activeAlerts = z.array(
	z.object({ labels: z.record(z.string(), z.string()) }),
);
const ruleAlert = z.object({
	state: z.string(),
	labels: z.record(z.string(), z.string()),
	annotations: z.record(z.string(), z.string()),
});
const ruleAlerts = z.object({ data: z.object({ alerts: z.array(ruleAlert) }) });

/** An alert as Prometheus tells of it. */
export type FiringAlert = z.infer<typeof ruleAlert>;

/**
 * The real collector, Prometheus and Alertmanager with the project's files, in which only time is scaled, and a server in
 * Slack's place. While it runs, what this process starts sends to it, each second.
 */
export class AlertingStack {
	readonly stack: TestStack;
	readonly slack: Slack;
	readonly #environment: Readonly<Record<string, string>>;

	private constructor(stack: TestStack, slack: Slack) {
		this.stack = stack;
		this.slack = slack;
		this.#environment = {
			OTEL_EXPORTER_OTLP_ENDPOINT: stack.urls.otlp,
			OTEL_METRIC_EXPORT_INTERVAL: "1000",
			OTEL_BSP_SCHEDULE_DELAY: "200",
		};
		Object.assign(process.env, this.#environment);
	}

	static async start(
		options: Partial<StackOptions> = {},
		prepare: (folder: string) => void = () => {},
	): Promise<AlertingStack> {
		const slack = await Slack.start();
		process.env.ALERT_WEBHOOK_URL = slack.url;
		const folder = options.folder ?? temporaryFolder();
		const config = join(folder, "otel-collector.yaml");
		const stack = await TestStack.start(
			{ folder, collectorConfig: config, ...options },
			() => {
				scaleTime(folder);
				writeFileSync(config, scaledCollector());
				prepare(folder);
			},
		);
		const alerting = new AlertingStack(stack, slack);
		await alerting.#scraped();
		return alerting;
	}

	/** Waits until no part of the stack is told to be away, as each is before Prometheus has asked it first. */
	async #scraped(): Promise<void> {
		await waitFor(async () => {
			const jobs = "otel-collector|tempo|alertmanager";
			const up = await this.stack.value(`count(up{job=~"${jobs}"} == 1)`);
			const away = ["OtelCollectorDown", "TempoDown", "AlertmanagerDown"];
			const firing = away.map((alertname) => this.isFiring({ alertname }));
			return up === 3 && !(await Promise.all(firing)).includes(true);
		}, 60);
	}

	/** The variables by which a process sends to it: this one has them. */
	get environment(): Readonly<Record<string, string>> {
		return this.#environment;
	}

	/** Whether Alertmanager holds an alert, whomever it tells. */
	async isActive(labels: Readonly<Record<string, string>>): Promise<boolean> {
		const filter = new URLSearchParams();
		for (const [name, value] of Object.entries(labels)) {
			filter.append("filter", `${name}=${JSON.stringify(value)}`);
		}
		const url = `${this.stack.urls.alertmanager}/api/v2/alerts?${filter}`;
		return activeAlerts.parse(await (await fetch(url)).json()).length > 0;
	}

	/** Whether Prometheus would tell of an alert, whether or not Alertmanager can be reached. */
	async isFiring(labels: Readonly<Record<string, string>>): Promise<boolean> {
		return (await this.firing(labels)) !== undefined;
	}

	/** The first alert with these labels that fires. */
	async firing(
		labels: Readonly<Record<string, string>>,
	): Promise<FiringAlert | undefined> {
		const { alerts } = ruleAlerts.parse(
			await this.stack.prometheus("alerts"),
		).data;
		return alerts.find(
			(alert) =>
				alert.state === "firing" &&
				Object.entries(labels).every(
					([name, value]) => alert.labels[name] === value,
				),
		);
	}

	async end(): Promise<void> {
		for (const name of [
			...Object.keys(this.#environment),
			"ALERT_WEBHOOK_URL",
		]) {
			delete process.env[name];
		}
		await this.stack.end();
		this.slack.close();
	}
}

/** Changes the copies of the project's files in the stack's folder: minutes become seconds. */
function scaleTime(folder: string): void {
	const rules = join(folder, "rules");
	mkdirSync(rules);
	for (const name of readdirSync(ruleFolder)) {
		const content = readFileSync(join(ruleFolder, name), "utf8");
		writeFileSync(join(rules, name), scaledRules(content));
	}
	change(join(folder, "prometheus.yml"), (content) =>
		content
			.replaceAll("_interval: 15s", "_interval: 1s")
			.replaceAll(ruleFolder, rules),
	);
	change(join(folder, "alertmanager.yml"), (content) =>
		content.replaceAll(/group_(wait|interval): .*/g, "group_$1: 1s"),
	);
}

/** The collector's config, by which it tells each second what it has counted. */
function scaledCollector(): string {
	return (
		readFileSync(collectorConfig, "utf8")
			.replaceAll(/^(\s+(?:metrics_flush_)?interval): \d+s$/gm, "$1: 1s")
			// What it waits for in vain where a service sends no spans, as a database does.
			.replaceAll(/^(\s+ttl): 15s$/gm, "$1: 3s")
	);
}

function change(path: string, by: (content: string) => string): void {
	writeFileSync(path, by(readFileSync(path, "utf8")));
}
