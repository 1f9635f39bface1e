import { writeFileSync } from "node:fs";
import type { Part } from "../../../scripts/stack/part.ts";
import { AlertingStack } from "./alerting-stack.ts";
import { DamagedBlock } from "./damaged-block.ts";
import { FailingRule } from "./failing-rule.ts";
import { GrafanaPlace } from "./grafana-place.ts";
import { Tempo } from "./tempo.ts";

/** Prometheus' own times, scaled as those of the rules are. */
const prometheusFlags = [
	"--query.lookback-delta=10s",
	"--rules.alert.resend-delay=2s",
	"--storage.tsdb.block-reload-interval=1s",
];
/** So little that a test can fill a queue of the collector. */
const environment = { QUEUE_BYTES: "2000000" };

/** The programs of the monitoring, and what can break of them. */
export class Pipeline {
	readonly alerting: AlertingStack;
	readonly grafana: GrafanaPlace;
	readonly tempo: Tempo;
	readonly damagedBlock: DamagedBlock;
	readonly failingRule: FailingRule;

	private constructor(alerting: AlertingStack, grafana: GrafanaPlace) {
		this.alerting = alerting;
		this.grafana = grafana;
		this.tempo = new Tempo(alerting.stack);
		this.damagedBlock = new DamagedBlock(alerting.stack);
		this.failingRule = new FailingRule(alerting.stack);
	}

	static async start(): Promise<Pipeline> {
		const grafana = await GrafanaPlace.start();
		const alerting = await AlertingStack.start(
			{ prometheusFlags, environment },
			(folder) => grafana.prepare(folder),
		);
		return new Pipeline(alerting, grafana);
	}

	async end(): Promise<void> {
		await this.alerting.end();
		this.grafana.close();
	}

	get collector(): Part {
		return this.alerting.stack.programs.collector;
	}

	get prometheus(): Part {
		return this.alerting.stack.programs.prometheus;
	}

	get alertmanager(): Part {
		const { alertmanager } = this.alerting.stack.programs;
		if (alertmanager === undefined) throw new Error("there is no Alertmanager");
		return alertmanager;
	}

	/** Has the collector ask another token of edge functions than they have. */
	changeEdgeToken(): void {
		this.#setEdgeToken("another-token-0123456789");
	}

	restoreEdgeToken(): void {
		this.#setEdgeToken(this.alerting.stack.programs.edgeToken);
	}

	#setEdgeToken(token: string): void {
		writeFileSync(this.alerting.stack.path("edge-token"), token);
	}
}
