import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export interface Command {
	/** For the log. */
	readonly name: string;
	readonly program: string;
	readonly args: readonly string[];
	readonly environment: Environment;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Ending {
	/** In words: `exit code 1`, or a signal's name. */
	readonly how: string;
	readonly code: number | null;
	/** What it wrote last, to say why. */
	readonly lastWords: string;
}

/** Milliseconds from being asked to end until it is killed. */
const patience = 4000;

/** What Node writes around the message of an error that ends it. */
const frame = /^(\s|\}|Node\.js v|$)/;

/** A process of the demo. It ends when this one does, however that comes: the channel between them closes then. */
export class Child {
	readonly name: string;
	readonly #process: ChildProcess;
	/** Settles when it has ended; rejects if it could not be started. */
	readonly ended: Promise<Ending>;
	/** Where it listens, once it says so. */
	readonly #port = Promise.withResolvers<number>();
	#lastWords = "";

	constructor(command: Command, output: (line: string) => void) {
		const { name, program, args, environment } = command;
		this.name = name;
		this.#process = spawn(program, args, {
			env: environment,
			stdio: ["ignore", "pipe", "pipe", "ipc"],
		});
		this.#process.on("message", (message) => {
			if (isPort(message)) this.#port.resolve(message.port);
		});
		const { stdout, stderr } = this.#process;
		const allRead = Promise.all(
			[stdout, stderr].map((stream) => stream && this.#read(stream, output)),
		);
		this.ended = this.#end(allRead);
	}

	get pid(): number | undefined {
		return this.#process.pid;
	}

	/**
	 * Waits until it listens, and gives the port.
	 * @throws Error if it ends before
	 */
	async port(): Promise<number> {
		const early = this.ended.then(({ how, lastWords }): never => {
			throw new Error(
				`${this.name} ended before it listened (${how}): ${lastWords}`,
			);
		});
		return Promise.race([this.#port.promise, early]);
	}

	/** Lets it end in good order, or kills it where it does not. */
	async stop(): Promise<void> {
		if (this.#process.connected) this.#process.disconnect();
		const kill = setTimeout(() => this.#process.kill("SIGKILL"), patience);
		await this.ended.catch(() => {});
		clearTimeout(kill);
	}

	/** Settles when all is read. */
	#read(stream: Readable, output: (line: string) => void): Promise<unknown> {
		const lines = createInterface(stream).on("line", (line) => {
			if (!frame.test(line)) this.#lastWords = line;
			output(line);
		});
		return once(lines, "close");
	}

	/** Not by the event "close": there is none where the channel was closed before (Node 24). */
	async #end(allRead: Promise<unknown>): Promise<Ending> {
		const [code, signal] = await once(this.#process, "exit");
		await allRead;
		const how = signal ?? `exit code ${code}`;
		return { how, code, lastWords: this.#lastWords };
	}
}

function isPort(message: unknown): message is { port: number } {
	return (
		typeof message === "object" &&
		message !== null &&
		"port" in message &&
		typeof message.port === "number"
	);
}
