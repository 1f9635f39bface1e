import { setTimeout as sleep } from "node:timers/promises";
import { Child, type Command } from "./child.ts";

export interface ErrorLog {
	error(message: string): void;
}

/** The processes of the demo: started one by one, ended together. */
export class Processes {
	readonly #log: ErrorLog;
	readonly #output: (line: string) => void;
	readonly #pause: number;
	readonly #children = new Set<Child>();
	readonly #stopping = new AbortController();

	/** @param pause seconds from the end of a process that should not end until it is started again */
	constructor(log: ErrorLog, output: (line: string) => void, pause: number) {
		this.#log = log;
		this.#output = output;
		this.#pause = pause;
	}

	/**
	 * Runs one that ends by itself.
	 * @throws Error if it does not end well
	 */
	async run(command: Command): Promise<void> {
		const { code, how, lastWords } = await this.#spawn(command).ended;
		if (code !== 0) {
			throw new Error(`${command.name} failed (${how}): ${lastWords}`);
		}
	}

	/**
	 * Starts one that serves, and gives its URL. When it ends later, it is started again on the same port.
	 * @throws Error if it ends before it listens
	 */
	async start(command: Command): Promise<string> {
		const child = this.#spawn(command);
		const port = await child.port();
		const again = {
			...command,
			environment: { ...command.environment, PORT: String(port) },
		};
		void this.#keep(child, again, port);
		return `http://127.0.0.1:${port}`;
	}

	async stop(): Promise<void> {
		this.#stopping.abort();
		await Promise.all([...this.#children].map((child) => child.stop()));
	}

	async #keep(first: Child, command: Command, port: number): Promise<void> {
		const { signal } = this.#stopping;
		for (let child = first; ; child = this.#spawn(command)) {
			if (child !== first) void this.#endElsewhere(child, port);
			const { how } = await child.ended;
			if (signal.aborted) return;
			this.#log.error(
				`${child.name} (process ${child.pid}) has ended (${how}); it is started again in ${this.#pause} s`,
			);
			await sleep(this.#pause * 1000, undefined, { signal }).catch(() => {});
			if (signal.aborted) return;
		}
	}

	/** Ends one that has taken another port than the one that it is asked at. */
	async #endElsewhere(child: Child, port: number): Promise<void> {
		const taken = await child.port().catch(() => port);
		if (taken !== port) await child.stop();
	}

	/** @throws AbortError when they are being ended */
	#spawn(command: Command): Child {
		this.#stopping.signal.throwIfAborted();
		const child = new Child(command, this.#output);
		this.#children.add(child);
		const forget = () => this.#children.delete(child);
		child.ended.then(forget, forget);
		return child;
	}
}
