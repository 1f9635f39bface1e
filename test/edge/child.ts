import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { leash } from "../../scripts/stack/part.ts";

const root = join(import.meta.dirname, "../..");

export interface Child {
	/** What the program printed as its first line, as JSON. */
	readonly announced: Readonly<Record<string, number>>;
	/** All lines printed since, on both outputs. */
	readonly lines: readonly string[];
	readonly process: ChildProcess;
	stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

/** Runs a program of `hosts/` with the project's Deno. */
export function startDeno(
	host: string,
	environment: Environment = {},
	args: readonly string[] = ["-A"],
): Promise<Child> {
	const run = ["run", "--no-prompt", "--no-check", "--quiet", ...args];
	return start("deno", [...run, pathOf(host)], environment);
}

/** Runs a program of `hosts/` with the Node that runs the tests. */
export function startNode(
	host: string,
	environment: Environment = {},
): Promise<Child> {
	return start(process.execPath, [pathOf(host)], environment);
}

export function pathOf(host: string): string {
	return join(import.meta.dirname, "hosts", host);
}

export const denoProgram = join(root, "node_modules/deno/deno");

async function start(
	program: string,
	args: readonly string[],
	environment: Environment,
): Promise<Child> {
	const path = program === "deno" ? denoProgram : program;
	const [command = path, ...rest] = [...leash, path, ...args];
	const child = spawn(command, rest, {
		// No variable of the developer's own decides what a test sees.
		env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const lines: string[] = [];
	const first = new Promise<string>((resolve, reject) => {
		createInterface(child.stdout).on("line", (line) => {
			lines.push(line);
			resolve(line);
		});
		child.once("exit", (code) => {
			reject(
				new Error(`${args.join(" ")} ended (${code}): ${lines.join("\n")}`),
			);
		});
	});
	createInterface(child.stderr).on("line", (line) => lines.push(line));
	const announced: Record<string, number> = JSON.parse(await first);
	return {
		announced,
		lines,
		process: child,
		async stop() {
			if (child.exitCode !== null || child.signalCode !== null) return;
			const ended = new Promise((resolve) => child.once("exit", resolve));
			child.kill("SIGKILL");
			await ended;
		},
	};
}
