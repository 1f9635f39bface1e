import type { Logger } from "pino";
import { integrationMetrics } from "../metrics/integration.ts";
import type { Running } from "../runtime.ts";
import { isBad } from "./belief.ts";
import { causesOf, hangsOn, type Told, told } from "./causes.ts";
import type { CheckResult } from "./check.ts";
import type { ComponentStatus } from "./component-status.ts";
import { readingsOf } from "./readings.ts";
import { recordSample } from "./record-sample.ts";
import { Schedule, type Task } from "./schedule/schedule.ts";
import type { Uptime } from "./uptime.ts";
import type { Watched } from "./watched.ts";

/** Seconds until a finding that contradicts what is believed is looked at again. */
const recheckAfter = 2;

export interface WatchOptions {
	readonly components: readonly Watched[];
	/** What is run at intervals beside the checks. */
	readonly otherTasks: readonly Task[];
	readonly uptime: Uptime;
	readonly running: Pick<Running, "board" | "instruments" | "history">;
	readonly log: Logger;
	/** Told of each result of a check. */
	readonly onResult: (name: string, result: CheckResult) => void;
}

/** Runs the checks of components, and makes states, history, metrics and log lines of what they find. */
export class Watch {
	readonly #options: WatchOptions;
	readonly #components: ReadonlyMap<string, Watched>;
	readonly #tasks = new Map<Watched, Task>();
	readonly #schedule: Schedule;

	constructor(options: WatchOptions) {
		const { components, otherTasks, running } = options;
		this.#options = options;
		this.#components = new Map(components.map((each) => [each.name, each]));
		for (const component of components) {
			this.#tasks.set(component, this.#taskOf(component));
			running.instruments.count(
				integrationMetrics.checksSkipped,
				labelsOf(component),
				0,
			);
		}
		this.#schedule = new Schedule([...this.#tasks.values(), ...otherTasks]);
	}

	/** Resolves when all that was not checked shortly before has been. */
	async start(): Promise<void> {
		const { components, running, uptime } = this.#options;
		running.board.provide("integration", () =>
			readingsOf(components, (component) => this.#told(component), uptime),
		);
		const known = new Set(
			components
				.filter(({ checkedAt }) => checkedAt !== undefined)
				.map((component) => this.#tasks.get(component)),
		);
		await this.#schedule.start((task) => !known.has(task));
	}

	/** Has what is under way end soon. */
	abort(): void {
		this.#schedule.abort();
	}

	async stop(): Promise<void> {
		await this.#schedule.stop();
		this.#options.running.board.clear("integration");
	}

	statuses(): ComponentStatus[] {
		return this.#options.components.map((component) =>
			component.status(this.#told(component)),
		);
	}

	/** Checks a component now, beside its turns. */
	async checkNow(name: string): Promise<void> {
		const component = this.#components.get(name);
		const task = component && this.#tasks.get(component);
		if (task) await this.#schedule.runNow(task);
	}

	#taskOf(component: Watched): Task {
		const { check } = component;
		const { instruments } = this.#options.running;
		return {
			interval: check.interval,
			run: async (signal) => {
				const began = Date.now();
				const result = await check.run(signal);
				if (signal.aborted) return undefined;
				return () => this.#take(component, result, began);
			},
			onSkipped: () =>
				instruments.count(
					integrationMetrics.checksSkipped,
					labelsOf(component),
				),
			onBegin: (delay) =>
				instruments.record(integrationMetrics.checkDelay, delay),
		};
	}

	async #take(
		component: Watched,
		result: CheckResult,
		began: number,
	): Promise<void> {
		if (isBad(result.verdict.state)) await this.#lookAtCauses(component, began);
		const at = Date.now();
		const { state: before } = component.verdict;
		const hasChanged = component.take(result, at);
		const { state } = component.verdict;
		if (before === "unhealthy" && state !== before) this.#lookBehind(component);
		if (component.isInDoubt) {
			const { interval } = component.check;
			const task = this.#tasks.get(component);
			if (task) this.#schedule.runSoon(task, Math.min(recheckAfter, interval));
		}
		this.#record(component, result, at);
		if (hasChanged) this.#tellChanges(at);
		this.#options.onResult(component.name, result);
	}

	/** Has all that a component depends on checked since its own check began, so that not it is blamed for them. */
	async #lookAtCauses(component: Watched, began: number): Promise<void> {
		const causes = causesOf(component, this.#components);
		await Promise.all(
			causes
				.filter((name) => {
					const checkedAt = this.#components.get(name)?.checkedAt ?? 0;
					return checkedAt < began;
				})
				.map((name) => this.checkNow(name)),
		);
	}

	/** What was found while a component was down says nothing of those that depend on it: they are checked anew. */
	#lookBehind(recovered: Watched): void {
		for (const component of this.#options.components) {
			if (!isBad(component.verdict.state)) continue;
			if (!hangsOn(component, recovered, this.#components)) continue;
			component.forget(`${recovered.name} was down until now`);
			void this.checkNow(component.name);
		}
	}

	#record(component: Watched, result: CheckResult, at: number): void {
		const { instruments, history } = this.#options.running;
		const { state, reason } = this.#told(component);
		for (const sample of result.samples ?? [])
			recordSample(instruments, sample);
		history.record({
			at,
			scope: "integration",
			name: component.path,
			state,
			reason,
			durationMs: result.duration * 1000,
			traceId: result.traceId,
		});
		this.#options.uptime.add(component.path, state, at);
	}

	/** One component's change may change what is told of those behind it. */
	#tellChanges(at: number): void {
		for (const component of this.#options.components) {
			const verdict = this.#told(component);
			if (component.tell(verdict, at)) this.#log(component, verdict);
		}
	}

	#log({ name }: Watched, { state, reason }: Told): void {
		const sentence = `${name} is ${state}: ${reason}`;
		if (state === "healthy") this.#options.log.info(sentence);
		else this.#options.log.warn(sentence);
	}

	#told(component: Watched): Told {
		return told(component, this.#components, Date.now());
	}
}

function labelsOf({ check }: Watched): { group: string; component: string } {
	return { group: check.group, component: check.name };
}
