import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { leash } from "../../scripts/stack/part.ts";

/** A program that a test runs beside itself, which ends when the test does, however that comes. */
export class LeashedProcess {
	readonly #child: ChildProcess;
	/** Settles when it has ended: the signal that ended it, if one did. */
	readonly ended: Promise<NodeJS.Signals | null>;

	constructor(
		command: readonly string[],
		environment: Readonly<Record<string, string | undefined>> = process.env,
	) {
		const [program = "", ...args] = [...leash, ...command];
		this.#child = spawn(program, args, {
			env: environment,
			// In a group of its own, so that what it starts ends with it.
			detached: true,
			stdio: ["ignore", "pipe", "inherit"],
		});
		this.ended = once(this.#child, "exit").then(([, signal]) => signal);
	}

	/**
	 * Waits until it writes something to stdout, by which it says that it works.
	 * @throws Error if it ends before
	 */
	async says(): Promise<void> {
		const { stdout } = this.#child;
		if (stdout === null) return;
		const ended = this.ended.then(() => {
			throw new Error("the program ended at once");
		});
		await Promise.race([once(stdout, "data"), ended]);
	}

	/** Ends it at once with all that it started, and waits until it has ended. */
	async kill(): Promise<void> {
		const { pid, exitCode, signalCode } = this.#child;
		if (pid === undefined) return;
		if (exitCode === null && signalCode === null) {
			process.kill(-pid, "SIGKILL");
		}
		await this.ended;
	}
}
