import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface Recipe {
	readonly name: string;
	readonly command: string;
	readonly args: readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
	/** Answers 200 once the program works. */
	readonly ready: string;
	/** What it prints is added to this file. */
	readonly log: string;
}

/** Ends a program with the process that started it, however that ends. */
const setpriv = "/usr/bin/setpriv";
export const leash: readonly string[] =
	process.platform === "linux" && existsSync(setpriv)
		? [setpriv, "--pdeathsig=KILL"]
		: [];

/** A program of the stack, which can end and start again. */
export class Part {
	readonly #recipe: Recipe;
	#child: ChildProcess | undefined;
	#isToEnd = false;
	/** Called when it ends by itself. */
	onEnd: (reason: string) => void = () => {};

	constructor(recipe: Recipe) {
		this.#recipe = recipe;
	}

	get name(): string {
		return this.#recipe.name;
	}

	get pid(): number | undefined {
		return this.#child?.pid;
	}

	get isRunning(): boolean {
		const child = this.#child;
		return child?.exitCode === null && child.signalCode === null;
	}

	/**
	 * Starts it, and waits until it works.
	 * @throws Error if it ends before, with the last lines that it printed
	 */
	async start(seconds = 60): Promise<void> {
		const { command, args, environment, log, ready, name } = this.#recipe;
		const output = openSync(log, "a");
		const [program = command, ...rest] = [...leash, command, ...args];
		const child = spawn(program, rest, {
			env: { ...process.env, ...environment },
			stdio: ["ignore", output, output],
		});
		closeSync(output);
		this.#child = child;
		this.#isToEnd = false;
		child.once("error", () => {});
		child.once("exit", (code, signal) => {
			if (!this.#isToEnd) this.onEnd(`${name} ended (${code ?? signal})`);
		});
		const limit = Date.now() + seconds * 1000;
		while (!(await answers(ready))) {
			const isLate = Date.now() > limit;
			if (this.isRunning && !isLate) await sleep(50);
			else {
				await this.end("SIGKILL");
				throw new Error(`${name} does not start:\n${this.lastLines()}`);
			}
		}
	}

	/** Ends it by a signal, and waits until it has ended. */
	async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
		this.#isToEnd = true;
		const child = this.#child;
		if (child === undefined || child.pid === undefined || !this.isRunning) {
			return;
		}
		const ended = once(child, "exit");
		child.kill(signal);
		await ended;
	}

	/** At once, for the end of this process. */
	kill(): void {
		this.#isToEnd = true;
		if (this.isRunning) this.#child?.kill("SIGKILL");
	}

	log(): string {
		return readFileSync(this.#recipe.log, "utf8");
	}

	lastLines(count = 15): string {
		return this.log().trimEnd().split("\n").slice(-count).join("\n");
	}
}

async function answers(url: string): Promise<boolean> {
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
		await response.body?.cancel();
		return response.ok;
	} catch {
		return false;
	}
}
