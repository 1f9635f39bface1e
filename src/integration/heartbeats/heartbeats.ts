import { z } from "zod";
import type { HeartbeatConfig } from "../../config/schema/data-flow.ts";
import type { History } from "../../history/history.ts";
import { integrationMetrics } from "../../metrics/integration.ts";
import { gauge, type Reading } from "../../metrics/metric.ts";
import type { JobReport } from "../../server/job-report.ts";
import type { Verdict } from "../state.ts";
import {
	afterAbsence,
	afterReport,
	type Heartbeat,
	judgeHeartbeat,
} from "./heartbeat.ts";

type Kept = Pick<History, "remember" | "recall">;

const time = z.int();
const stored = z.object({
	awaitedSince: time,
	lastOk: time.optional(),
	startedAt: time.optional(),
	failedAt: time.optional(),
	duration: z.number().optional(),
});

const lastSeen = "heartbeats/last seen";

/** What jobs have reported, kept through restarts. */
export class Heartbeats {
	readonly #configs: Readonly<Record<string, HeartbeatConfig>>;
	readonly #kept: Kept;
	readonly #known = new Map<string, Heartbeat>();

	/** @param now Unix ms */
	constructor(
		configs: Readonly<Record<string, HeartbeatConfig>>,
		kept: Kept,
		now: number,
	) {
		this.#configs = configs;
		this.#kept = kept;
		const away = Number(kept.recall(lastSeen) ?? now);
		for (const [name, config] of Object.entries(configs)) {
			const before = this.#recall(name);
			const known = before
				? afterAbsence(before, config, away, now)
				: { awaitedSince: now };
			this.#keep(name, known);
		}
		this.seen(now);
	}

	/** Keeps that the monitor still runs, and so would have taken a report. */
	seen(now: number): void {
		if (this.#known.size > 0) this.#kept.remember(lastSeen, String(now));
	}

	/** Takes a report; false if no job of that name is awaited. */
	report(name: string, report: JobReport, now: number): boolean {
		const known = this.#known.get(name);
		if (!known) return false;
		this.#keep(name, afterReport(known, report, now));
		return true;
	}

	/** @throws Error if no job of that name is awaited */
	judge(name: string, now: number): { verdict: Verdict; readings: Reading[] } {
		const known = this.#known.get(name);
		const config = this.#configs[name];
		if (!known || !config) throw new Error(`no heartbeat is named ${name}`);
		return {
			verdict: judgeHeartbeat(known, config, now),
			readings: readingsOf(name, known, config, now),
		};
	}

	#keep(name: string, known: Heartbeat): void {
		this.#known.set(name, known);
		this.#kept.remember(`heartbeats/${name}`, JSON.stringify(known));
	}

	#recall(name: string): Heartbeat | undefined {
		const text = this.#kept.recall(`heartbeats/${name}`);
		if (text === undefined) return undefined;
		const parsed = stored.safeParse(JSON.parse(text));
		return parsed.success ? parsed.data : undefined;
	}
}

function readingsOf(
	heartbeat: string,
	{ lastOk, duration }: Heartbeat,
	{ max_age }: HeartbeatConfig,
	now: number,
): Reading[] {
	const labels = { heartbeat };
	return [
		gauge(integrationMetrics.heartbeatMaxAge, max_age, labels),
		...(lastOk === undefined
			? []
			: [
					gauge(
						integrationMetrics.heartbeatAge,
						Math.max(0, now - lastOk) / 1000,
						labels,
					),
				]),
		...(duration === undefined
			? []
			: [gauge(integrationMetrics.heartbeatDuration, duration, labels)]),
	];
}
