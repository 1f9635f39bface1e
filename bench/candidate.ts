import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { freePort } from "../test/support/free-port.ts";

/** Linux counts CPU time in hundredths of a second: USER_HZ of time(7). */
const ticksPerSecond = 100;

/** A program that is measured beside others, on a port of its own. */
export class Candidate {
	readonly name: string;
	readonly port: number;
	/** The highest resident memory that was noted, in MB. */
	highest = 0;
	readonly #child: ChildProcess;

	private constructor(name: string, port: number, child: ChildProcess) {
		this.name = name;
		this.port = port;
		this.#child = child;
	}

	/**
	 * @param folder that it is started in
	 * @param environment all of it, beside the path
	 */
	static async start(
		name: string,
		folder: string,
		command: (port: number) => readonly string[],
		environment: Readonly<Record<string, string>> = {},
	): Promise<Candidate> {
		const port = await freePort();
		const [program = "", ...args] = command(port);
		const env = { PATH: process.env.PATH, LOG_LEVEL: "error", ...environment };
		const child = spawn(program, args, {
			cwd: folder,
			stdio: "ignore",
			env,
		});
		return new Candidate(name, port, child);
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** Seconds of CPU that it has used. */
	cpu(): number {
		const stat = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8");
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
	}

	noteMemory(): void {
		const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
		const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(status) ?? [];
		this.highest = Math.max(this.highest, Number(kilobytes) / 1024);
	}

	async end(): Promise<void> {
		this.#child.kill();
		await once(this.#child, "exit");
	}
}
