import { every, type Timer } from "../collection/timer.ts";
import { Lifecycle } from "../lifecycle.ts";
import { integrationMetrics } from "../metrics/integration.ts";
import type { Part, Running, Runtime } from "../runtime.ts";
import { type ComponentStatus, componentReadings } from "./component-status.ts";
import { type Component, componentsOf, type Group } from "./components.ts";
import { probe } from "./probe.ts";
import {
	groupState,
	judgeAnswer,
	judgeMlAnswer,
	overallState,
	type State,
	type Verdict,
} from "./state.ts";

export interface IntegrationHealth {
	readonly state: State;
	readonly groups: readonly {
		readonly name: Group;
		readonly state: State;
		readonly components: readonly ComponentStatus[];
	}[];
}

export interface PastComponentState {
	/** ISO 8601 */
	readonly at: string;
	readonly group: string;
	readonly name: string;
	readonly state: string;
	readonly reason?: string;
	readonly traceId?: string;
}

/** Watches the components that the configuration names, by asking each in turn. */
export class IntegrationMonitor {
	readonly #runtime: Runtime;
	readonly #components: readonly Component[];
	readonly #part: Part;
	readonly #status = new Map<Component, ComponentStatus>();
	readonly #running = new Set<Component>();
	#open: Running | undefined;
	#timers: Timer[] = [];
	#abort = new AbortController();
	readonly #lifecycle = new Lifecycle(
		() => this.#start(),
		() => this.#stop(),
	);

	/** @param components those that the configuration names, unless given */
	constructor(
		runtime: Runtime,
		components = componentsOf(runtime.settings.config),
	) {
		this.#runtime = runtime;
		this.#components = components;
		this.#part = {
			name: "integration",
			notReady: () => undefined,
			status: () => this.getIntegrationHealth(),
		};
	}

	/**
	 * Starts probing; resolves when every component has been asked once. A second call changes nothing.
	 * @throws ListenError if the port of the server is taken
	 */
	startIntegrationMonitoring(): Promise<void> {
		return this.#lifecycle.start();
	}

	/** Stops probing and lets go of everything. A second call changes nothing. */
	stopMonitoring(): Promise<void> {
		this.#abort.abort();
		return this.#lifecycle.stop();
	}

	/** The state of everything, of each group, and of each component with its reason. */
	async getIntegrationHealth(): Promise<IntegrationHealth> {
		const statuses = this.#components.map((component) =>
			this.#statusOf(component),
		);
		const groups = [...Map.groupBy(statuses, ({ group }) => group)].map(
			([name, components]) => ({
				name,
				state: groupState(components.map(({ state }) => state)),
				components,
			}),
		);
		return { state: overallState(groups.map(({ state }) => state)), groups };
	}

	/** The status of the component of that name; `undefined` if the configuration names none. */
	async getComponentStatus(name: string): Promise<ComponentStatus | undefined> {
		const component = this.#components.find((each) => each.name === name);
		return component && this.#statusOf(component);
	}

	/** What past probes found in the last hours, oldest first. Empty while nothing runs. */
	async getIntegrationHistory(hours: number): Promise<PastComponentState[]> {
		const since = Date.now() - hours * 3_600_000;
		const entries = this.#open?.history.entries("integration", since) ?? [];
		return entries.map(({ at, name, state, reason, traceId }) => {
			const [group = "", component = ""] = name.split("/", 2);
			return {
				at: new Date(at).toISOString(),
				group,
				name: component,
				state,
				reason,
				traceId,
			};
		});
	}

	async #start(): Promise<void> {
		this.#abort = new AbortController();
		this.#open = await this.#runtime.join(this.#part);
		this.#post();
		const { check_interval: interval } = this.#runtime.settings.config;
		await Promise.all(this.#components.map((each) => this.#check(each)));
		this.#timers = this.#components.map((each) =>
			every(interval, () => void this.#check(each)),
		);
	}

	async #stop(): Promise<void> {
		for (const timer of this.#timers) timer.stop();
		this.#status.clear();
		await this.#runtime.leave(this.#part);
		this.#open = undefined;
	}

	async #check(component: Component): Promise<void> {
		const open = this.#open;
		const { group, name, url } = component;
		if (!open || url === undefined || this.#running.has(component)) return;
		this.#running.add(component);
		const { answer, duration, traceId } = await probe(
			name,
			url,
			this.#abort.signal,
		);
		this.#running.delete(component);
		if (this.#abort.signal.aborted) return;

		const verdict =
			group === "ml_pipeline" ? judgeMlAnswer(answer) : judgeAnswer(answer);
		const before = this.#statusOf(component);
		const at = Date.now();
		this.#status.set(component, {
			...verdict,
			group,
			name,
			checkedAt: new Date(at).toISOString(),
			duration,
			traceId,
		});
		if (before.state !== verdict.state) this.#logChange(component, verdict);
		open.instruments.record(integrationMetrics.probeDuration, duration, {
			group,
			component: name,
		});
		open.history.record({
			at,
			scope: "integration",
			name: `${group}/${name}`,
			state: verdict.state,
			reason: verdict.reason,
			durationMs: duration * 1000,
			traceId,
		});
		this.#post();
	}

	#logChange({ name }: Component, { state, reason }: Verdict): void {
		const sentence = `${name} is ${state}: ${reason}`;
		if (state === "healthy") this.#runtime.log.info(sentence);
		else this.#runtime.log.warn(sentence);
	}

	#statusOf(component: Component): ComponentStatus {
		const { group, name, url } = component;
		return (
			this.#status.get(component) ?? {
				group,
				name,
				state: "unknown",
				reason:
					url === undefined
						? "nothing says where its age can be read"
						: "not asked yet",
			}
		);
	}

	#post(): void {
		const statuses = this.#components.map((each) => this.#statusOf(each));
		this.#open?.board.post("integration", componentReadings(statuses));
	}
}
