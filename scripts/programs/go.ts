import { spawn, spawnSync } from "node:child_process";

/** For every call of Go: static programs, no other Go fetched, the published sums enforced, the machine still usable. */
export const goEnvironment = {
	CGO_ENABLED: "0",
	GOTOOLCHAIN: "local",
	GOWORK: "off",
	GOFLAGS: "-p=2 -trimpath -buildvcs=false",
};

/** The version of the Go on the path ("1.26.8"); `undefined` if there is none. */
export function goVersion(): string | undefined {
	const { stdout } = spawnSync("go", ["version"], {
		encoding: "utf8",
		env: { ...process.env, ...goEnvironment },
	});
	return /\bgo(\d+(?:\.\d+)+)/.exec(stdout ?? "")?.[1];
}

/** Whether Go `version` is at least `least`, part by part. */
export function isAtLeast(version: string, least: string): boolean {
	return version.localeCompare(least, "en", { numeric: true }) >= 0;
}

/** A command that failed, with all that it printed. */
export class CommandError extends Error {
	readonly output: string;

	constructor(command: string, outcome: string, output: string) {
		super(`${command} ${outcome}`);
		this.output = output;
	}
}

/**
 * Runs Go, or a program that runs Go, and gives what it printed on standard output.
 * @throws CommandError if it does not succeed
 */
export function run(
	command: string,
	args: readonly string[],
	options: {
		cwd: string;
		signal: AbortSignal;
		environment?: Readonly<Record<string, string>>;
	},
): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, {
			cwd: options.cwd,
			signal: options.signal,
			env: { ...process.env, ...goEnvironment, ...options.environment },
			stdio: ["ignore", "pipe", "pipe"],
		});
		const name = [command, ...args].join(" ");
		let output = "";
		let all = "";
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			output += text;
			all += text;
		});
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			all += text;
		});
		child.on("error", ({ message }) =>
			reject(new CommandError(name, `did not run: ${message}`, all)),
		);
		child.on("close", (code, signal) => {
			if (code === 0) resolve(output);
			else {
				reject(new CommandError(name, `ended with ${code ?? signal}`, all));
			}
		});
	});
}
