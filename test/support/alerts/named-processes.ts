import { LeashedProcess } from "../leashed-process.ts";

/** Programs that run beside a test until it ends them by the name that it gave them. */
export class NamedProcesses {
	readonly #running = new Map<string, LeashedProcess>();

	get names(): string[] {
		return [...this.#running.keys()];
	}

	start(name: string, command: readonly string[]): LeashedProcess {
		const started = new LeashedProcess(command);
		this.#running.set(name, started);
		return started;
	}

	async end(name: string): Promise<void> {
		await this.#running.get(name)?.kill();
		this.#running.delete(name);
	}

	async endAll(): Promise<void> {
		for (const name of this.names) await this.end(name);
	}
}
