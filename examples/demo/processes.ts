import { Child, type Command } from "./child.ts";

export interface ErrorLog {
	error(message: string): void;
}

/** The processes of the demo: started one by one, ended together. */
export class Processes {
	readonly #log: ErrorLog;
	readonly #output: (line: string) => void;
	readonly #children: Child[] = [];
	#isStopping = false;

	constructor(log: ErrorLog, output: (line: string) => void) {
		this.#log = log;
		this.#output = output;
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
	 * Starts one that serves, and gives its URL.
	 * @throws Error if it ends before it listens
	 */
	async start(command: Command): Promise<string> {
		const child = this.#spawn(command);
		const url = `http://127.0.0.1:${await child.port()}`;
		void child.ended.then(({ how }) => {
			if (this.#isStopping) return;
			this.#log.error(
				`${child.name} (process ${child.pid}) has ended (${how}); it is not started again`,
			);
		});
		return url;
	}

	async stop(): Promise<void> {
		this.#isStopping = true;
		await Promise.all(this.#children.map((child) => child.stop()));
	}

	#spawn(command: Command): Child {
		const child = new Child(command, this.#output);
		this.#children.push(child);
		return child;
	}
}
