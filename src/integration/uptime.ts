import { isUp, type UpCount } from "../history/entry.ts";
import type { History } from "../history/history.ts";
import { integrationMetrics } from "../metrics/integration.ts";
import { gauge, type Reading } from "../metrics/metric.ts";

const hour = 3_600_000;

/** The windows that are counted by whole hours; the first hour is counted by its checks. */
const windows = [
	{ window: "24h", length: 24 * hour },
	{ window: "7d", length: 7 * 24 * hour },
	{ window: "30d", length: 30 * 24 * hour },
];

interface Check {
	readonly at: number;
	readonly up: boolean;
}

/** How much of the time components were up, by their checks. Names are `<group>/<component>`. */
export class Uptime {
	readonly #history: Pick<History, "entries" | "upCounts">;
	readonly #lastHour = new Map<string, Check[]>();
	/** By window, as the history had them at the beginning of this hour or at the start. */
	#base = new Map<string, ReadonlyMap<string, UpCount>>();
	#baseHour = 0;
	readonly #sinceBase = new Map<string, UpCount>();

	/** @param now Unix ms */
	constructor(history: Pick<History, "entries" | "upCounts">, now: number) {
		this.#history = history;
		for (const { name, state, at } of history.entries(
			"integration",
			now - hour,
		)) {
			const up = isUp(state);
			if (up !== undefined) this.#remember(name, { at, up });
		}
		this.#readBase(now);
	}

	/** Takes what a check found, once the history has it. */
	add(name: string, state: string, at: number): void {
		const up = isUp(state);
		if (up === undefined) return;
		this.#remember(name, { at, up });
		const before = this.#sinceBase.get(name) ?? { up: 0, total: 0 };
		this.#sinceBase.set(name, sum(before, { up: up ? 1 : 0, total: 1 }));
	}

	/** Readings of each window in which the component was checked. */
	readings(group: string, component: string, now: number): Reading[] {
		// What was added is in the history by now: reading it counts no check twice.
		if (Math.floor(now / hour) !== this.#baseHour) this.#readBase(now);
		const name = `${group}/${component}`;
		const added = this.#sinceBase.get(name) ?? { up: 0, total: 0 };
		const none = { up: 0, total: 0 };
		const counts = [
			{ window: "1h", count: this.#countOfLastHour(name, now) },
			...windows.map(({ window }) => ({
				window,
				count: sum(this.#base.get(window)?.get(name) ?? none, added),
			})),
		];
		return counts
			.filter(({ count }) => count.total > 0)
			.map(({ window, count }) =>
				gauge(integrationMetrics.componentUptime, percent(count), {
					group,
					component,
					window,
				}),
			);
	}

	#remember(name: string, check: Check): void {
		const checks = this.#lastHour.get(name) ?? [];
		this.#lastHour.set(name, checks);
		checks.push(check);
	}

	#countOfLastHour(name: string, now: number): UpCount {
		const checks = this.#lastHour.get(name) ?? [];
		const first = checks.findIndex(({ at }) => at > now - hour);
		checks.splice(0, first < 0 ? checks.length : first);
		return {
			up: checks.filter(({ up }) => up).length,
			total: checks.length,
		};
	}

	#readBase(now: number): void {
		this.#baseHour = Math.floor(now / hour);
		this.#base = new Map(
			windows.map(({ window, length }) => [
				window,
				this.#history.upCounts(now - length),
			]),
		);
		this.#sinceBase.clear();
	}
}

/** The share that was up, in %. */
export function percent({ up, total }: UpCount): number {
	return (100 * up) / total;
}

function sum(a: UpCount, b: UpCount): UpCount {
	return { up: a.up + b.up, total: a.total + b.total };
}
