import type { Config } from "../config/schema/schema.ts";
import { Lifecycle } from "../lifecycle.ts";
import type { Part, Running, Runtime } from "../runtime.ts";
import { type Assembly, assemble } from "./assemble.ts";
import {
	type ComponentStatus,
	healthOf,
	type IntegrationHealth,
} from "./component-status.ts";
import { type Component, componentsOf } from "./components.ts";
import { type IntegrationHistory, pastOf } from "./past.ts";

/** Watches the components that the configuration names: probes, flows, data flows, heartbeats and measurements. */
export class IntegrationMonitor {
	readonly #runtime: Runtime;
	readonly #config: Config;
	readonly #part: Part;
	#open: Running | undefined;
	#assembly: Assembly | undefined;
	readonly #lifecycle = new Lifecycle(
		() => this.#start(),
		() => this.#stop(),
	);

	/** @param config what to watch; the configuration of the runtime unless given */
	constructor(runtime: Runtime, config = runtime.settings.config) {
		this.#runtime = runtime;
		this.#config = config;
		this.#part = {
			name: "integration",
			notReady: () => undefined,
			status: () => this.getIntegrationHealth(),
			details: (group, name) => this.#details(group, name),
			takeReport: (name, report) =>
				this.#assembly?.takeReport(name, report) ?? false,
		};
	}

	/**
	 * Starts checking; resolves when every component has been checked once, or was before a restart shortly ago.
	 * A second call changes nothing.
	 * @throws ListenError if the port of the server is taken
	 */
	startIntegrationMonitoring(): Promise<void> {
		return this.#lifecycle.start();
	}

	/** Stops checking, lets flows clean up, and lets go of everything. A second call changes nothing. */
	stopMonitoring(): Promise<void> {
		this.#assembly?.watch.abort();
		return this.#lifecycle.stop();
	}

	/** Where the server of this monitor listens; `undefined` while it does not. */
	url(): Promise<string | undefined> {
		return this.#runtime.url();
	}

	/** The state of everything, of each group, and of each component with its reason. */
	async getIntegrationHealth(): Promise<IntegrationHealth> {
		return healthOf(this.#statuses());
	}

	/** The status of the component of that name; `undefined` if the configuration names none. */
	async getComponentStatus(name: string): Promise<ComponentStatus | undefined> {
		return this.#statuses().find((status) => status.name === name);
	}

	/** What past checks found in the last hours, and the uptime that follows from it. Empty while nothing runs. */
	async getIntegrationHistory(hours: number): Promise<IntegrationHistory> {
		const since = Date.now() - hours * 3_600_000;
		return pastOf(this.#open?.history.entries("integration", since) ?? []);
	}

	async #start(): Promise<void> {
		this.#open = await this.#runtime.join(this.#part);
		this.#assembly = assemble(this.#config, this.#runtime, this.#open);
		await this.#assembly.watch.start();
	}

	async #stop(): Promise<void> {
		await this.#assembly?.watch.stop();
		await this.#assembly?.close();
		await this.#runtime.leave(this.#part);
		this.#assembly = undefined;
		this.#open = undefined;
	}

	#statuses(): readonly ComponentStatus[] {
		return (
			this.#assembly?.watch.statuses() ??
			componentsOf(this.#config).map((component) => idle(component))
		);
	}

	/** The last results of a component, with their traces; undefined if there is no such component. */
	async #details(group: string, name: string): Promise<object | undefined> {
		const status = this.#statuses().find(
			(each) => each.group === group && each.name === name,
		);
		if (!status) return undefined;
		const since = Date.now() - 24 * 3_600_000;
		const path = `${group}/${name}`;
		const entries =
			this.#open?.history.entries("integration", since, path) ?? [];
		return { ...status, ...pastOf(entries, 100) };
	}
}

function idle({ group, name }: Component): ComponentStatus {
	return { group, name, state: "unknown", reason: "not checked yet" };
}
